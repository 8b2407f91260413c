// SPDX-License-Identifier: Apache-2.0

import Kernel
import Synchronization

/// Who is meant by the sign-in names of one request: the directory is read through once for all its questions. About
/// each person it is asked anew for each question.
final class LoginNames: Sendable {
    private let people = Mutex<[[UInt8]: Identifier<Kernel.Person>]?>(nil)

    /// The person of that name; nil when there is none.
    func person(_ login: String, in directory: any PeopleDirectory) async throws -> Identifier<Kernel.Person>? {
        // Identifiers compare as bytes.
        let wanted = Array(login.utf8)
        if let known = people.withLock({ $0 }) { return known[wanted] }
        let everyone = try await directory.everyone()
        let read = Dictionary(everyone.map { (Array($0.login.utf8), $0.id) }) { first, _ in first }
        people.withLock { $0 = read }
        return read[wanted]
    }
}
