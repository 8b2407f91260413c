// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Ledger
import Store

/// Keeps departments, practitioner numbers and shifts. Each change commits with its leaf.
struct StaffDesk: Sendable {
    let store: Database

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

    /// Makes a change; one that changes nothing leaves no leaf.
    ///
    /// - Throws: `Fault.invalidInput` when it makes no sense.
    func make(_ change: Change, for person: Identifier<Kernel.Person>, by actor: Kernel.EntityReference) async throws {
        try await store.write { tx in
            guard try tx.make(change, for: person) else { return }
            try tx.record(
                Fact(
                    AccountingFacts.staffChanged, by: actor,
                    [.init("person", .string(person.description))] + change.members))
        }
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
}

extension StaffDesk.Change {
    /// What changed, without a name of a department or a number.
    fileprivate var members: [CanonicalMember] {
        switch self {
        case .department(nil): [.init("change", "department-cleared")]
        case .department: [.init("change", "department-set")]
        case .addNumber: [.init("change", "number-added")]
        case .removeNumber: [.init("change", "number-removed")]
        case .addShift(let shift):
            [
                .init("change", "shift-added"), .init("from", .integer(shift.from.microseconds)),
                .init("until", .integer(shift.until.microseconds)),
            ]
        case .removeShift(let from): [.init("change", "shift-removed"), .init("from", .integer(from.microseconds))]
        }
    }
}

extension Transaction {
    /// Makes a change, and says whether anything is different.
    fileprivate func make(_ change: StaffDesk.Change, for person: Identifier<Kernel.Person>) throws -> Bool {
        let key = StoreValue.bytes(person.bytes)
        switch change {
        case .department(let name):
            let bytes = name.map { Array($0.utf8) }
            let known = try row("SELECT department FROM access_staff WHERE person = ?", [key])?.optionalBytes(0)
            guard known != bytes else { return false }
            try execute(
                """
                INSERT INTO access_staff (person, department) VALUES (?, ?)
                ON CONFLICT (person) DO UPDATE SET department = excluded.department
                """, [key, StoreValue(bytes)])
            return true
        case .addNumber(let number):
            return try execute(
                """
                INSERT INTO access_practitioners (practitioner, person) VALUES (?, ?)
                ON CONFLICT (practitioner, person) DO NOTHING
                """, [.bytes(Array(number.text.utf8)), key]) > 0
        case .removeNumber(let number):
            return try execute(
                "DELETE FROM access_practitioners WHERE practitioner = ? AND person = ?",
                [.bytes(Array(number.text.utf8)), key]) > 0
        case .addShift(let shift):
            return try execute(
                """
                INSERT INTO access_shifts (person, starts, ends) VALUES (?, ?, ?)
                ON CONFLICT (person, starts) DO UPDATE SET ends = excluded.ends
                    WHERE access_shifts.ends <> excluded.ends
                """, [key, .integer(shift.from.microseconds), .integer(shift.until.microseconds)]) > 0
        case .removeShift(let from):
            return try execute(
                "DELETE FROM access_shifts WHERE person = ? AND starts = ?", [key, .integer(from.microseconds)]) > 0
        }
    }
}
