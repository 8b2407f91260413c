// SPDX-License-Identifier: Apache-2.0

extension FileMode: CustomStringConvertible {
    /// As Go writes it, and restic in its output: a letter for each flag that is set (`-` for none), then the permissions.
    /// `drwxr-xr-x`, `ugtrwxr-xr-x`.
    public var description: String {
        let flags = Self.letters.filter { rawValue & $0.bit != 0 }.map(\.letter)
        let permissions = zip("rwxrwxrwx", 0..<9).map { letter, place in
            rawValue & (1 << (8 - UInt32(place))) != 0 ? letter : "-"
        }
        return String((flags.isEmpty ? ["-"] : flags) + permissions)
    }

    private static let letters: [(bit: UInt32, letter: Character)] =
        zip("dalTLDpSugct?", 0..<13).map { (1 << (31 - UInt32($1)), $0) }
}
