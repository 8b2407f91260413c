// SPDX-License-Identifier: Apache-2.0

/// An address of version 4 or 6, or a network of them (Cedar language reference, "ipaddr").
public struct IPAddress: Hashable, Sendable {
    /// Whether it is of version 6.
    public let isVersion6: Bool
    /// The address as a number, of 32 bits or of 128; bits past the prefix are kept.
    public let address: UInt128
    /// How many leading bits say which network; all of them for a single address.
    public let prefix: Int

    private init(version6: Bool, address: UInt128, prefix: Int) {
        self.isVersion6 = version6
        self.address = address
        self.prefix = prefix
    }

    private static let loopback4 = IPAddress(version6: false, address: 127 << 24, prefix: 8)
    private static let loopback6 = IPAddress(version6: true, address: 1, prefix: 128)
    private static let multicast4 = IPAddress(version6: false, address: 224 << 24, prefix: 4)
    private static let multicast6 = IPAddress(version6: true, address: 0xFF << 120, prefix: 8)

    /// Whether all of it means the machine itself.
    public var isLoopback: Bool {
        isInRange(of: isVersion6 ? Self.loopback6 : Self.loopback4)
    }

    /// Whether all of it means groups.
    public var isMulticast: Bool {
        isInRange(of: isVersion6 ? Self.multicast6 : Self.multicast4)
    }

    /// Whether every address of this network is in the other one; never across versions.
    public func isInRange(of other: IPAddress) -> Bool {
        isVersion6 == other.isVersion6 && prefix >= other.prefix
            && address >> other.width == other.address >> other.width
    }

    /// How many bits the network leaves open.
    private var width: Int {
        (isVersion6 ? 128 : 32) - prefix
    }
}

extension IPAddress {
    /// An address, perhaps with `/prefix`; nil when it is written otherwise: leading zeros, mixed notation.
    public init?(_ text: Text) {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let written = parts.first else { return nil }
        let isVersion6 = written.contains(UInt8(ascii: ":"))
        let bits = isVersion6 ? 128 : 32
        var prefix: Int? = bits
        if parts.count == 2, let length = parts.last { prefix = Self.number(length, digits: isVersion6 ? 3 : 2) }
        guard let prefix, prefix <= bits,
            let address = isVersion6 ? Self.version6(written) : Self.version4(written)
        else { return nil }
        self.init(version6: isVersion6, address: address, prefix: prefix)
    }

    private static func number(_ text: ArraySlice<UInt8>, digits: Int) -> Int? {
        guard text.count <= digits, text.first != UInt8(ascii: "0") || text.count == 1 else { return nil }
        return Digits.read(text).map { Int($0) }
    }

    private static func version4(_ text: ArraySlice<UInt8>) -> UInt128? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt128 = 0
        for part in parts {
            guard let number = number(part, digits: 3), number <= 255 else { return nil }
            address = address << 8 | UInt128(number)
        }
        return address
    }

    /// Eight groups, or fewer around one `::`, which stands for at least one group of zeros.
    private static func version6(_ text: ArraySlice<UInt8>) -> UInt128? {
        let colon = UInt8(ascii: ":")
        let gap = text.indices.dropLast().first { text[$0] == colon && text[$0 + 1] == colon }
        guard let gap else { return groups(text).flatMap { $0.count == 8 ? join($0) : nil } }
        guard let head = gap == text.startIndex ? [] : groups(text[..<gap]),
            let tail = gap + 2 == text.endIndex ? [] : groups(text[(gap + 2)...]), head.count + tail.count < 8
        else { return nil }
        return join(head + [UInt128](repeating: 0, count: 8 - head.count - tail.count) + tail)
    }

    private static func groups(_ text: ArraySlice<UInt8>) -> [UInt128]? {
        var groups: [UInt128] = []
        for part in text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false) {
            guard 1...4 ~= part.count, part.allSatisfy({ $0 < 0x80 && Unicode.Scalar($0).properties.isASCIIHexDigit }),
                let group = UInt128(String(decoding: part, as: UTF8.self), radix: 16)
            else { return nil }
            groups.append(group)
        }
        return groups
    }

    private static func join(_ groups: [UInt128]) -> UInt128 {
        groups.reduce(0) { $0 << 16 | $1 }
    }
}
