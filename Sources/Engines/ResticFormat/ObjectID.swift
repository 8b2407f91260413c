// SPDX-License-Identifier: Apache-2.0

/// The SHA-256 by which a repository names a file or a blob (restic design, "Terminology": storage ID).
///
/// Kept as four big-endian words, so that comparing ids is comparing their bytes.
public struct ObjectID: Hashable, Comparable, Sendable {
    /// Bytes of an id.
    public static let byteCount = 32

    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// The id of nothing: 32 zeros.
    public static let zero = ObjectID(words: (0, 0, 0, 0))

    private init(words: (UInt64, UInt64, UInt64, UInt64)) {
        self.words = words
    }

    /// The id that these 32 bytes are; nil for any other number of bytes.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        var words: [UInt64] = [0, 0, 0, 0]
        for (place, byte) in bytes.enumerated() { words[place / 8] = words[place / 8] << 8 | UInt64(byte) }
        self.words = (words[0], words[1], words[2], words[3])
    }

    /// The id that 64 lower-case digits stand for; nil for anything else.
    public init?(hex digits: some Collection<UInt8>) {
        guard digits.count == Self.byteCount * 2 else { return nil }
        var words: [UInt64] = [0, 0, 0, 0]
        for (place, digit) in digits.enumerated() {
            guard let value = Self.value(of: digit) else { return nil }
            words[place / 16] = words[place / 16] << 4 | value
        }
        self.words = (words[0], words[1], words[2], words[3])
    }

    /// The id that 64 lower-case digits stand for; nil for anything else.
    public init?(_ text: String) {
        self.init(hex: Array(text.utf8))
    }

    /// The id of `content`.
    public init(hashing content: Span<UInt8>) {
        var hash = SHA256Stream()
        hash.update(content)
        self = hash.finish()
    }

    /// The id of `content`.
    public init(hashing content: [UInt8]) {
        self.init(hashing: content.span)
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        append(to: &bytes)
        return bytes
    }

    /// Appends the 32 bytes.
    public func append(to bytes: inout [UInt8]) {
        for word in [words.0, words.1, words.2, words.3] {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
            }
        }
    }

    /// Appends the 64 lower-case digits.
    public func appendHex(to text: inout [UInt8]) {
        for word in [words.0, words.1, words.2, words.3] {
            for shift in stride(from: 60, through: 0, by: -4) {
                let value = UInt8(truncatingIfNeeded: word >> UInt64(shift)) & 15
                text.append(value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10)
            }
        }
    }

    /// The id that 32 bytes in memory are.
    init(digest: InlineArray<32, UInt8>) {
        var words: InlineArray<4, UInt64> = [0, 0, 0, 0]
        for place in digest.indices { words[place / 8] = words[place / 8] << 8 | UInt64(digest[place]) }
        self.init(words: (words[0], words[1], words[2], words[3]))
    }

    /// The 64 lower-case digits.
    public var hex: String {
        var text: [UInt8] = []
        text.reserveCapacity(Self.byteCount * 2)
        appendHex(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// The first 8 digits, by which people name a snapshot.
    public var short: String {
        String(hex.prefix(8))
    }

    /// Whether the digits begin so; `digits` are lower case.
    public func hasPrefix(_ digits: String) -> Bool {
        hex.utf8.starts(with: digits.utf8)
    }

    /// Whether all bytes are equal.
    public static func == (left: ObjectID, right: ObjectID) -> Bool {
        left.words == right.words
    }

    /// The order of the bytes.
    public static func < (left: ObjectID, right: ObjectID) -> Bool {
        left.words < right.words
    }

    /// An id is evenly spread already: one word of it is hash enough, and nobody outside chooses it freely.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
    }

    /// The first 64 bits, for tables that spread by them.
    var leading: UInt64 { words.0 }

    private static func value(of digit: UInt8) -> UInt64? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(digit - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(digit - UInt8(ascii: "a")) + 10
        default: nil
        }
    }
}

extension ObjectID: CustomStringConvertible {
    /// The 64 lower-case digits.
    public var description: String { hex }
}
