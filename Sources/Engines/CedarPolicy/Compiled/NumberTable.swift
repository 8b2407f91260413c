// SPDX-License-Identifier: Apache-2.0

/// Finds numbers by the hash of what they stand for, which is kept elsewhere.
///
/// It holds plain words, so that copying it for a change is one copy of memory and counts no references.
struct NumberTable: Sendable {
    /// Open addressing: the hash above, the number plus one below; 0 where nothing is.
    /// INVARIANT: a power of two of them, of which at most two thirds are in use.
    private var slots = [UInt64](repeating: 0, count: 16)
    private var count = 0

    /// 32 bits that nobody outside can foresee: the process's own key goes into them.
    struct Hash {
        fileprivate let bits: UInt64

        init(_ text: Text, and second: Text? = nil) {
            var hasher = Hasher()
            Self.combine(text, into: &hasher)
            if let second { Self.combine(second, into: &hasher) }
            bits = UInt64(truncatingIfNeeded: hasher.finalize()) >> 32
        }

        /// Eight bytes at a time, where the standard library takes one.
        private static func combine(_ text: Text, into hasher: inout Hasher) {
            var word: UInt64 = 0
            var filled = 0
            for byte in text.utf8 {
                word = word << 8 | UInt64(byte)
                filled += 1
                if filled & 7 == 0 { hasher.combine(word) }
            }
            hasher.combine(word)
            hasher.combine(filled)
        }
    }

    /// The number with that hash of which `isIt` is true; nil when there is none.
    func find(_ hash: Hash, where isIt: (Int32) -> Bool) -> Int32? {
        let mask = slots.count - 1
        var slot = Int(hash.bits) & mask
        while slots[slot] != 0 {
            let number = Int32(truncatingIfNeeded: slots[slot]) - 1
            if slots[slot] >> 32 == hash.bits, isIt(number) { return number }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// Adds a number that is not there.
    mutating func insert(_ number: Int32, _ hash: Hash) {
        count += 1
        if count * 3 > slots.count * 2 { grow() }
        Self.place(hash.bits << 32 | UInt64(number + 1), in: &slots)
    }

    private mutating func grow() {
        var larger = [UInt64](repeating: 0, count: slots.count * 2)
        for entry in slots where entry != 0 { Self.place(entry, in: &larger) }
        slots = larger
    }

    private static func place(_ entry: UInt64, in slots: inout [UInt64]) {
        var slot = Int(entry >> 32) & (slots.count - 1)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = entry
    }
}
