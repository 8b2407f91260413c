// SPDX-License-Identifier: Apache-2.0

/// Tables as comma-separated values (RFC 4180), safe to open in a spreadsheet.
package enum CommaSeparated {
    /// A table with its heads. A text that a spreadsheet would take for a formula gets an apostrophe before it.
    package static func document(_ heads: [String], _ rows: [[String]]) -> [UInt8] {
        var bytes: [UInt8] = []
        for row in [heads] + rows {
            bytes += row.map(field).joined(separator: ",").utf8
            bytes += "\r\n".utf8
        }
        return bytes
    }

    private static func field(_ text: String) -> String {
        let isFormula = text.utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
        let quoted = text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
        return "\"\(isFormula ? "'" : "")\(quoted)\""
    }
}
