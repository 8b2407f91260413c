// SPDX-License-Identifier: Apache-2.0

/// Values by number, for few or many numbers that do not change: found without hashing.
struct NumberMap<Value: Sendable>: Sendable {
    /// INVARIANT: ascending, none twice.
    private let keys: [Int32]
    /// INVARIANT: as many as there are keys.
    private let values: [Value]

    init(_ values: [Int32: Value]) {
        let sorted = values.sorted { $0.key < $1.key }
        keys = sorted.map(\.key)
        self.values = sorted.map(\.value)
    }

    var isEmpty: Bool {
        keys.isEmpty
    }

    subscript(_ key: Int32) -> Value? {
        keys.place(of: key).map { values[$0] }
    }
}
