// SPDX-License-Identifier: Apache-2.0

/// The SplitMix64 generator (Steele, Lea and Flood, OOPSLA 2014): 64 bits of state, the same numbers on every machine.
///
/// Bounded drawing is our own too, because the standard library may change how it maps words to ranges,
/// and the demonstration clinic must stay the same byte for byte. Not for secrets.
struct SplitMix64 {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// A generator for one purpose and one subject, independent of how much the others have drawn.
    init(seed: UInt64, stream: Stream, index: Int) {
        var mixer = SplitMix64(seed: seed &+ stream.rawValue &* 0xD6E8_FEB8_6659_FD93)
        let base = mixer.next()
        var second = SplitMix64(seed: base &+ UInt64(truncatingIfNeeded: index) &* 0xA076_1D64_78BD_642F)
        state = second.next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// A number in `range`; the bias of the multiplication method is below 2⁻⁵⁰ for the ranges used here.
    mutating func draw(_ range: ClosedRange<Int>) -> Int {
        let width = UInt64(range.upperBound - range.lowerBound) + 1
        return range.lowerBound + Int(next().multipliedFullWidth(by: width).high)
    }

    /// True in `perMille` of thousand cases.
    mutating func chance(_ perMille: Int) -> Bool {
        draw(0...999) < perMille
    }

    /// One of `choices`. INVARIANT: callers pass tables of this module, which are never empty.
    mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[draw(0...(choices.count - 1))]
    }

    /// A random identifier in the form of a version 4 UUID (RFC 9562 section 5.4), in lower case.
    mutating func uuid() -> String {
        let high = (next() & 0xFFFF_FFFF_FFFF_0FFF) | 0x4000
        let low = (next() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
        let digits = hexadecimal(high) + hexadecimal(low)
        var text: [UInt8] = []
        for (position, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(position) { text.append(UInt8(ascii: "-")) }
            text.append(digit)
        }
        return String(decoding: text, as: UTF8.self)
    }

    private func hexadecimal(_ word: UInt64) -> [UInt8] {
        let alphabet = Array("0123456789abcdef".utf8)
        return stride(from: 60, through: 0, by: -4).map { alphabet[Int((word >> UInt64($0)) & 15)] }
    }
}

extension SplitMix64 {
    /// What a generator is for; a new purpose takes a new number, so that the others keep their sequence.
    enum Stream: UInt64 {
        case staff = 1
        case identity = 2
        case health = 3
        case visits = 4
        case readings = 5
        case resources = 6
        case organization = 7
        case workday = 8
        case absence = 9
        case emergencies = 10
        case applications = 11
        case backups = 12
        case drills = 13
    }
}
