// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Identity

/// Attempts are counted by what an attacker cannot change at will.
struct SourceAddressTests {
    @Test func aWholeIPv6NetworkIsOneSource() {
        let one = SourceAddress.budgetName(of: "2001:db8:1:2::1")
        #expect(one == SourceAddress.budgetName(of: "2001:db8:1:2:ffff:ffff:ffff:ffff"))
        #expect(one != SourceAddress.budgetName(of: "2001:db8:1:3::1"))
    }

    @Test func anIPv4AddressIsItself() {
        #expect(SourceAddress.budgetName(of: "192.0.2.1") == Array("192.0.2.1".utf8))
        #expect(SourceAddress.budgetName(of: "::ffff:192.0.2.1") == Array("192.0.2.1".utf8))
        #expect(SourceAddress.budgetName(of: "unknown") == Array("unknown".utf8))
    }
}
