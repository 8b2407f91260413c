// SPDX-License-Identifier: Apache-2.0

/// A request over a store, with numbers in the place of names; what the store has never heard of gets numbers past
/// the store's, for this one decision.
struct Situation: Sendable {
    let store: CompiledEntities
    private(set) var principal: EntityNumber = 0
    private(set) var action: EntityNumber = 0
    private(set) var resource: EntityNumber = 0
    /// Empty unless `read` was called.
    private(set) var context = CompiledRecord.empty
    private var strangers: [EntityUID: EntityNumber] = [:]
    /// By number, less the store's count.
    private var strangerUIDs: [EntityUID] = []
    private var newNames: [Text: NameNumber] = [:]
    private var overlay: Overlay?

    init(_ request: Request, over store: CompiledEntities) {
        self.store = store
        principal = number(request.principal)
        action = number(request.action)
        resource = number(request.resource)
    }

    /// Takes the context in. Apart, because most decisions of many an application never look at it.
    mutating func read(_ context: [Text: Value]) {
        self.context = CompiledRecord(context, &self)
    }

    /// Puts entities in the place of what the store knows about them.
    ///
    /// - Throws: `EntitiesError` for an entity that comes twice or would be above itself.
    mutating func lay(_ entities: some Collection<Entity>) throws(EntitiesError) {
        guard !entities.isEmpty else { return }
        var overlay = Overlay()
        for entity in entities {
            let number = number(entity.uid)
            let known = Overlay.Known(
                attributes: CompiledRecord(entity.attributes, &self), tags: CompiledRecord(entity.tags, &self),
                parents: entity.parents.map { self.number($0) })
            guard overlay.add(known, as: number) else { throw .duplicate(entity.uid) }
        }
        if let number = overlay.workOutHierarchy(over: store) { throw .cycle(uid(number)) }
        self.overlay = overlay
    }

    func uid(_ number: EntityNumber) -> EntityUID {
        let index = Int(number) - store.numbers.count
        return index < 0 ? store.numbers.uid(number) : strangerUIDs[index]
    }

    /// The type's number; nil for a type that no policy and no entity of the store names.
    func type(of number: EntityNumber) -> TypeNumber? {
        let index = Int(number) - store.numbers.count
        return index < 0 ? store.numbers.type(number) : store.numbers.number(ofType: strangerUIDs[index].type)
    }

    /// The number of a name that comes as a value; nil when nothing bears it.
    func known(_ name: Text) -> NameNumber? {
        store.names.number(of: name) ?? newNames[name]
    }

    /// Whether there is data about the entity.
    func isKnown(_ number: EntityNumber) -> Bool {
        attributes(of: number) != nil
    }

    func attributes(of number: EntityNumber) -> CompiledRecord? {
        if let known = overlay?[number] { return known.attributes }
        return isStored(number) ? store.attributes(of: number) : nil
    }

    func tags(of number: EntityNumber) -> CompiledRecord {
        if let known = overlay?[number] { return known.tags }
        return isStored(number) ? store.tags(of: number) : .empty
    }

    /// What an entity is in, directly and through others, ascending.
    func ancestors(of number: EntityNumber) -> [EntityNumber] {
        if let overlay { return overlay.ancestors(of: number, over: store) }
        return isStored(number) ? store.ancestors(of: number) : []
    }

    /// Whether an entity is that one or below it (Cedar language reference, "in").
    func `is`(_ entity: EntityNumber, within group: EntityNumber) -> Bool {
        entity == group || ancestors(of: entity).place(of: group) != nil
    }

    private func isStored(_ number: EntityNumber) -> Bool {
        Int(number) < store.numbers.count
    }
}

extension Situation: Numbering {
    mutating func number(_ uid: EntityUID) -> EntityNumber {
        if let number = store.numbers.number(of: uid) ?? strangers[uid] { return number }
        let number = EntityNumber(store.numbers.count + strangerUIDs.count)
        strangers[uid] = number
        strangerUIDs.append(uid)
        return number
    }

    mutating func number(_ name: Text) -> NameNumber {
        if let number = known(name) { return number }
        let number = NameNumber(store.names.count + newNames.count)
        newNames[name] = number
        return number
    }
}
