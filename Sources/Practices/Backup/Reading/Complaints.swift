// SPDX-License-Identifier: Apache-2.0

import Building
import Synchronization

/// Says at once what could not be read, and remembers that there was something.
final class Complaints: Sendable {
    private let count = Atomic(0)

    var isEmpty: Bool { count.load(ordering: .relaxed) == 0 }

    func add(_ text: String) {
        count.wrappingAdd(1, ordering: .relaxed)
        Terminal.complain("salus: \(TerminalText.harmless(text))")
    }
}
