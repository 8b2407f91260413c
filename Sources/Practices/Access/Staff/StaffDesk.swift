// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Ledger
import Store

/// Keeps departments, practitioner numbers and shifts. Each change commits with its leaf.
struct StaffDesk: Sendable {
    let rules: RuleAuthorizer
    let hashes: StaffHash

    /// The desk of `house`; makes its key at the first start.
    init(_ house: House, _ rules: RuleAuthorizer) async throws {
        self.rules = rules
        hashes = try await StaffHash(house)
    }

    private var store: Database { rules.store }

    /// A change of what is kept about a person.
    enum Change: Sendable, Hashable {
        /// The department where the person works; nil for none in particular.
        case department(String?)
        /// One number more by which records name the person.
        case addNumber(PractitionerNumber)
        /// One less.
        case removeNumber(PractitionerNumber)
        /// A time at work.
        case addShift(StaffMember.Shift)
        /// A time at work that was entered by mistake, by when it begins.
        case removeShift(from: Instant)
    }

    /// Makes a change; one that changes nothing leaves no leaf. Whoever changes what is kept about themselves is named
    /// by a fact of its own.
    ///
    /// - Throws: `Fault.refused` for the own person while somebody else could do it, whatever the rules of the clinic
    ///   say; `Fault.conflict` for a number that belongs to somebody else.
    func make(_ change: Change, for person: Identifier<Kernel.Person>, by actor: Kernel.EntityReference) async throws {
        let isOwn = actor == .person(person)
        if isOwn, try await rules.isKeptByOthers(person) { throw Fault(.refused, Self.own) }
        let free = try await peopleWhoLeft(with: change, besides: person)
        try await store.write { [hashes] tx in
            for former in try tx.holders(of: change, besides: person) {
                guard free.contains(former), let number = change.number else { throw Self.taken(by: "somebody else") }
                // An account that was closed keeps a number for a minute; open again, it would share it.
                try tx.tell(.removeNumber(number), of: former, by: actor, hashes)
            }
            try tx.tell(change, of: person, by: actor, hashes)
        }
    }

    /// What is said to somebody who would change what is kept about themselves.
    static let own = "This is about yourself: somebody else must change it."

    /// Whose number it is; nil when nobody with an open account but `person` has it.
    func holder(
        of number: PractitionerNumber, besides person: Identifier<Kernel.Person>
    ) async throws -> PersonSummary? {
        let change = Change.addNumber(number)
        for holder in try await store.read({ tx in try tx.holders(of: change, besides: person) }) {
            if let summary = try await rules.directory.person(holder), summary.isEnabled { return summary }
        }
        return nil
    }

    /// What is said about a number that somebody has.
    static func words(takenBy name: String) -> String {
        "This number belongs to \(name), and a number belongs to one person. Remove it from them first."
    }

    /// The numbers of everybody.
    func numbers() async throws -> [Identifier<Kernel.Person>: [PractitionerNumber]] {
        let people = try await store.read { tx in try tx.people(of: nil) }
        var numbers: [Identifier<Kernel.Person>: [PractitionerNumber]] = [:]
        for (number, persons) in people {
            for person in persons { numbers[person, default: []].append(PractitionerNumber(stored: number)) }
        }
        return numbers.mapValues { $0.sorted { $0.text < $1.text } }
    }

    /// Those with a closed account who have the number that is to be given.
    private func peopleWhoLeft(
        with change: Change, besides person: Identifier<Kernel.Person>
    ) async throws -> Set<Identifier<Kernel.Person>> {
        guard case .addNumber(let number) = change else { return [] }
        if let holder = try await holder(of: number, besides: person) { throw Self.taken(by: holder.name) }
        return try await store.read { tx in try tx.holders(of: change, besides: person) }
    }

    private static func taken(by name: String) -> Fault { Fault(.conflict, words(takenBy: name)) }
}

extension StaffDesk.Change {
    /// The number that it is about.
    fileprivate var number: PractitionerNumber? {
        switch self {
        case .addNumber(let number), .removeNumber(let number): number
        case .department, .addShift, .removeShift: nil
        }
    }

    /// What changed; keyed hashes stand for the names of departments and for numbers.
    fileprivate func members(_ hashes: StaffHash) -> [CanonicalMember] {
        switch self {
        case .department(nil): [.init("change", "department-cleared")]
        case .department(let name?):
            [.init("change", "department-set"), .init("hash", .string(hashes.hash(department: name)))]
        case .addNumber(let number):
            [.init("change", "number-added"), .init("hash", .string(hashes.hash(number)))]
        case .removeNumber(let number):
            [.init("change", "number-removed"), .init("hash", .string(hashes.hash(number)))]
        case .addShift(let shift):
            [
                .init("change", "shift-added"), .init("from", .integer(shift.from.microseconds)),
                .init("until", .integer(shift.until.microseconds)),
            ]
        case .removeShift(let from): [.init("change", "shift-removed"), .init("from", .integer(from.microseconds))]
        }
    }
}

extension ReadTransaction {
    /// Who else has a number that is to be given; nobody for any other change.
    fileprivate func holders(
        of change: StaffDesk.Change, besides person: Identifier<Kernel.Person>
    ) throws -> Set<Identifier<Kernel.Person>> {
        guard case .addNumber(let number) = change else { return [] }
        return (try people(of: [number.text])[number.text] ?? []).subtracting([person])
    }
}

extension Transaction {
    /// Makes a change with its leaf; nothing happens where nothing is different.
    fileprivate func tell(
        _ change: StaffDesk.Change, of person: Identifier<Kernel.Person>, by actor: Kernel.EntityReference,
        _ hashes: StaffHash
    ) throws {
        guard try make(change, for: person) else { return }
        let kind = actor == .person(person) ? StaffFacts.ownChange : AccountingFacts.staffChanged
        try record(
            Fact(kind, by: actor, [.init("person", .string(person.description))] + change.members(hashes)))
    }
}
