// SPDX-License-Identifier: Apache-2.0

import Kernel
import Keyring

/// What somebody writes to the author of a draft. People name patients where they should not, so it is sealed and stands
/// in no log and no error.
struct DraftWords: Sendable, CustomStringConvertible {
    /// How many characters there may be.
    static let longest = 1_000
    /// The words, without spaces around them.
    let text: String

    /// The words that were typed; nil when there are none, or more than `longest`.
    init?(_ typed: String) {
        // Browsers send every line end as CR LF, which is one Character.
        let plain = String(decoding: typed.utf8.filter { $0 != 0x0D }, as: UTF8.self)
        let text = String(plain.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        // A character can be of any length, a row of the store cannot.
        guard (1...Self.longest).contains(text.count), text.utf8.count <= DraftLimits.noteBytes else { return nil }
        self.text = text
    }

    /// Nothing, so that no message shows the words.
    var description: String { "DraftWords" }

    /// The words, sealed as those by which a draft was sent back.
    func seal(_ key: OpenKey, of back: Identifier<Kernel.Record>) throws -> [UInt8] {
        try key.seal(Array(text.utf8), Self.context(back))
    }

    /// Opens what `seal` made.
    ///
    /// - Throws: `Fault.damaged` when it was changed or belongs elsewhere.
    static func open(_ back: RuleReturn, _ key: OpenKey) throws -> String {
        String(decoding: try key.open(back.sealedWords, context(back.id)), as: UTF8.self)
    }

    private static func context(_ back: Identifier<Kernel.Record>) -> SealingContext {
        SealingContext(kind: "rule-return-words", id: back.bytes)
    }
}
