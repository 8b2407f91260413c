// SPDX-License-Identifier: Apache-2.0

import Kernel

/// Which three words of the recovery phrase a session is asked for: derived from the session, so nothing is stored.
struct RecoveryQuiz: Sendable {
    /// The numbers of the words, 1…24, ascending.
    let numbers: [Int]

    /// The questions for the session with this id.
    init(session: String, _ registry: Registry) {
        var left = Array(1...24)
        var chosen: [Int] = []
        for byte in registry.keyedName("recovery-quiz", [Array(session.utf8)]).prefix(3) {
            chosen.append(left.remove(at: Int(byte) % left.count))
        }
        numbers = chosen.sorted()
    }
}
