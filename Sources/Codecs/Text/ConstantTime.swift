// SPDX-License-Identifier: Apache-2.0

/// Whether two byte strings are equal, in a time that depends on their lengths only: for comparing secrets.
public func constantTimeEqual(_ one: some Collection<UInt8>, _ other: some Collection<UInt8>) -> Bool {
    guard one.count == other.count else { return false }
    var difference: UInt8 = 0
    for (left, right) in zip(one, other) {
        difference |= left ^ right
    }
    return difference == 0
}
