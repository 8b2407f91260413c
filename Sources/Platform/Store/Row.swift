// SPDX-License-Identifier: Apache-2.0

package import Kernel

/// One row of an answer, read by column index from 0.
///
/// A column that is missing or of another type is `Fault(.damaged)`: somebody else wrote it.
package struct Row: Sendable, Hashable {
    /// The columns in the order of the statement.
    package let values: [StoreValue]

    /// A row with these columns.
    package init(_ values: [StoreValue]) {
        self.values = values
    }

    /// The integer in column `index`.
    package func integer(_ index: Int) throws(Fault) -> Int64 {
        guard case .integer(let integer) = try value(index) else { throw unexpected(index, "an integer") }
        return integer
    }

    /// The integer in column `index`, or nil for NULL.
    package func optionalInteger(_ index: Int) throws(Fault) -> Int64? {
        if case .null = try value(index) { return nil }
        return try integer(index)
    }

    /// The text in column `index`.
    package func text(_ index: Int) throws(Fault) -> String {
        guard case .text(let text) = try value(index) else { throw unexpected(index, "text") }
        return text
    }

    /// The text in column `index`, or nil for NULL.
    package func optionalText(_ index: Int) throws(Fault) -> String? {
        if case .null = try value(index) { return nil }
        return try text(index)
    }

    /// The bytes in column `index`.
    package func bytes(_ index: Int) throws(Fault) -> [UInt8] {
        guard case .bytes(let bytes) = try value(index) else { throw unexpected(index, "bytes") }
        return bytes
    }

    /// The bytes in column `index`, or nil for NULL.
    package func optionalBytes(_ index: Int) throws(Fault) -> [UInt8]? {
        if case .null = try value(index) { return nil }
        return try bytes(index)
    }

    private func value(_ index: Int) throws(Fault) -> StoreValue {
        guard values.indices.contains(index) else {
            throw Fault(.damaged, "a row of the store has \(values.count) columns, column \(index) is missing")
        }
        return values[index]
    }

    private func unexpected(_ index: Int, _ wanted: String) -> Fault {
        Fault(.damaged, "column \(index) of a row of the store holds \(values[index].kind) instead of \(wanted)")
    }
}
