// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Keyring

/// What somebody searches for, as an address may carry it: sealed, all of one length, and of no use outside the
/// session in which it was typed.
///
/// A search is posted, so that no name stands in an address. Its results still need an address of their own, or
/// going back from a chart would end at "resubmit the form?" instead of at the results.
struct SearchTicket: Sendable {
    /// The key of the cards that are searched.
    let key: OpenKey
    /// The id of the session.
    let session: String

    /// The longest search, in bytes.
    static let byteLimit = 200

    private var context: SealingContext { SealingContext(kind: "patient-search", id: Array(session.utf8)) }

    /// The ticket for `query`.
    ///
    /// - Throws: `Fault.invalidInput` when it is too long.
    func seal(_ query: String) throws -> String {
        let words = Array(query.utf8)
        guard words.count <= Self.byteLimit else { throw Fault(.invalidInput, "Search for fewer words.") }
        let padding = [UInt8](repeating: 0, count: Self.byteLimit - words.count)
        return Base64.encode(try key.seal([UInt8(words.count)] + words + padding, context), as: .urlSafe)
    }

    /// The search behind `ticket`; nil for one of another session and for anything else.
    func open(_ ticket: String) -> String? {
        guard let sealed = Base64.decode(ticket, as: .urlSafe), let bytes = try? key.open(sealed, context),
            let count = bytes.first, Int(count) < bytes.count
        else { return nil }
        return String(validating: bytes.dropFirst().prefix(Int(count)), as: UTF8.self)
    }
}
