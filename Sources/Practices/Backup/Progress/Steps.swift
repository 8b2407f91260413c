// SPDX-License-Identifier: Apache-2.0

import Building
import Synchronization

/// The steps of long work, each a bar where somebody watches.
struct Steps: Sendable {
    /// Whether there are bars.
    var isShown = false

    /// Does `work`, which advances the step to `total`.
    func step<Value>(
        _ label: String, total: Int, _ work: (Step) async throws -> Value
    ) async throws -> Value {
        let step = Step(isShown && total > 0 ? TerminalProgress(label, total: Int64(total)) : nil)
        defer { step.end() }
        return try await work(step)
    }
}

/// How far one step is.
final class Step: Sendable {
    private let bar: TerminalProgress?
    private let done = Atomic<Int64>(0)

    fileprivate init(_ bar: TerminalProgress?) {
        self.bar = bar
    }

    func advance(_ count: Int = 1) {
        let now = done.wrappingAdd(Int64(count), ordering: .relaxed).newValue
        bar?.show(now)
    }

    fileprivate func end() {
        bar?.finish()
    }
}
