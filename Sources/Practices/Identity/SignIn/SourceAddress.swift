// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Where attempts come from, as far as it is worth counting.
enum SourceAddress {
    /// What attempts from `address` are counted under: an IPv4 address, the /64 network of an IPv6 address (whoever
    /// has one address of it has them all), or the text itself.
    static func budgetName(of address: String) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard address.utf8.contains(UInt8(ascii: ":")), unsafe inet_pton(AF_INET6, address, &bytes) == 1 else {
            return Array(address.utf8)
        }
        // ::ffff:192.0.2.1 is an IPv4 address in another dress.
        let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        return isMapped ? Array(bytes[12...].map { "\($0)" }.joined(separator: ".").utf8) : Array(bytes.prefix(8))
    }
}
