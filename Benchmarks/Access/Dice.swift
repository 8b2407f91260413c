// SPDX-License-Identifier: Apache-2.0

/// Random choices that come again with the same seed (SplitMix64).
struct Dice {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below `count`.
    mutating func number(_ count: Int) -> Int {
        Int(next() >> 33) % count
    }

    /// True so many times in a thousand.
    mutating func chance(_ thousandths: Int) -> Bool {
        number(1_000) < thousandths
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[number(elements.count)]
    }
}
