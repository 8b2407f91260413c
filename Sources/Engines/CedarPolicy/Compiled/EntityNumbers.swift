// SPDX-License-Identifier: Apache-2.0

/// An entity's number in a store, or past the store's numbers in a single request.
typealias EntityNumber = Int32

/// The number of a type of entities.
typealias TypeNumber = Int32

/// Gives entities numbers in the order in which they come; a number is never taken back.
///
/// The table holds plain numbers, so that copying it for a change is one copy of memory.
struct EntityNumbers: Sendable {
    private var uids = Pages<EntityUID>()
    private var types = Pages<TypeNumber>()
    private var typeNumbers: [TypeName: TypeNumber] = [:]
    /// Open addressing: half of the hash above, the number plus one below; 0 where nothing is.
    /// INVARIANT: a power of two of them, of which fewer than two thirds are in use.
    private var slots = [UInt64](repeating: 0, count: 16)

    var count: Int {
        uids.count
    }

    func uid(_ number: EntityNumber) -> EntityUID {
        uids[number]
    }

    func type(_ number: EntityNumber) -> TypeNumber {
        types[number]
    }

    /// The number of a type; nil when no policy and no entity names it.
    func number(ofType type: TypeName) -> TypeNumber? {
        typeNumbers[type]
    }

    /// The number of a type, a new one if need be.
    mutating func add(type: TypeName) -> TypeNumber {
        if let number = typeNumbers[type] { return number }
        let number = TypeNumber(typeNumbers.count)
        typeNumbers[type] = number
        return number
    }

    /// The number of an entity; nil when it has none.
    func number(of uid: EntityUID) -> EntityNumber? {
        find(uid, Self.hash(uid)).number
    }

    /// The number of an entity, a new one if need be.
    mutating func add(_ uid: EntityUID) -> EntityNumber {
        let hash = Self.hash(uid)
        let (number, slot) = find(uid, hash)
        if let number { return number }
        // Cannot overflow: two thousand million entities do not fit into memory.
        let new = EntityNumber(count)
        uids.append(uid)
        types.append(add(type: uid.type))
        slots[slot] = hash << 32 | UInt64(new + 1)
        if count * 3 > slots.count * 2 { grow() }
        return new
    }

    private func find(_ uid: EntityUID, _ hash: UInt64) -> (number: EntityNumber?, slot: Int) {
        let mask = slots.count - 1
        var slot = Int(hash) & mask
        while slots[slot] != 0 {
            if slots[slot] >> 32 == hash {
                let number = EntityNumber(truncatingIfNeeded: slots[slot]) - 1
                if uids[number] == uid { return (number, slot) }
            }
            slot = (slot + 1) & mask
        }
        return (nil, slot)
    }

    private mutating func grow() {
        var larger = [UInt64](repeating: 0, count: slots.count * 2)
        for entry in slots where entry != 0 {
            var slot = Int(entry >> 32) & (larger.count - 1)
            while larger[slot] != 0 { slot = (slot + 1) & (larger.count - 1) }
            larger[slot] = entry
        }
        slots = larger
    }

    /// 32 bits that nobody outside can foresee: the process's own key goes into them.
    private static func hash(_ uid: EntityUID) -> UInt64 {
        var hasher = Hasher()
        combine(uid.type.text, into: &hasher)
        combine(uid.id, into: &hasher)
        return UInt64(truncatingIfNeeded: hasher.finalize()) >> 32
    }

    /// Eight bytes at a time, where the standard library takes one.
    private static func combine(_ text: Text, into hasher: inout Hasher) {
        var word: UInt64 = 0
        var filled = 0
        for byte in text.utf8 {
            word = word << 8 | UInt64(byte)
            filled += 1
            if filled.isMultiple(of: 8) { hasher.combine(word) }
        }
        hasher.combine(word)
        hasher.combine(filled)
    }
}
