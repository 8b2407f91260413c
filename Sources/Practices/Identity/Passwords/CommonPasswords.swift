// SPDX-License-Identifier: Apache-2.0

import CPasswords

/// The passwords that everybody tries first: a sorted list that is part of the program.
enum CommonPasswords {
    // Unsafe claim: CPasswords returns a constant array of that length which lives as long as the program.
    private static let list = unsafe Array(
        UnsafeBufferPointer(start: salus_passwords_bytes(), count: salus_passwords_size()))

    /// Whether `password`, in lower case, is one of them.
    static func contains(_ password: String) -> Bool {
        let wanted = Array(password.utf8)
        var (low, high) = (0, list.count)
        while low < high {
            let line = line(around: (low + high) / 2)
            if list[line].elementsEqual(wanted) { return true }
            if list[line].lexicographicallyPrecedes(wanted) {
                low = line.upperBound + 1
            } else {
                high = line.lowerBound
            }
        }
        return false
    }

    /// How many there are.
    static var count: Int { list.count { $0 == lineFeed } }

    private static let lineFeed = UInt8(ascii: "\n")

    /// The line that holds `position`, without its line feed.
    private static func line(around position: Int) -> Range<Int> {
        var start = position
        while start > 0, list[start - 1] != lineFeed { start -= 1 }
        var end = position
        while end < list.count, list[end] != lineFeed { end += 1 }
        return start..<end
    }
}
