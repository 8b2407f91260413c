// SPDX-License-Identifier: Apache-2.0

/// An entity's number in a store, or past the store's numbers in a single request.
typealias EntityNumber = Int32

/// The number of a type of entities.
typealias TypeNumber = Int32

/// Gives entities numbers in the order in which they come; a number is never taken back.
struct EntityNumbers: Sendable {
    private var uids = Pages<EntityUID>()
    private var types = Pages<TypeNumber>()
    private var typeNumbers: [TypeName: TypeNumber] = [:]
    private var table = NumberTable()

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
        table.find(NumberTable.Hash(uid.type.text, and: uid.id)) { uids[$0] == uid }
    }

    /// The number of an entity, a new one if need be.
    mutating func add(_ uid: EntityUID) -> EntityNumber {
        let hash = NumberTable.Hash(uid.type.text, and: uid.id)
        if let number = table.find(hash, where: { uids[$0] == uid }) { return number }
        // Cannot overflow: two thousand million entities do not fit into memory.
        let number = EntityNumber(count)
        uids.append(uid)
        types.append(add(type: uid.type))
        table.insert(number, hash)
        return number
    }
}
