// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store

extension ReadTransaction {
    /// What this practice keeps about a person of the directory.
    func staffMember(_ summary: PersonSummary) throws -> StaffMember {
        let key = [StoreValue.bytes(summary.id.bytes)]
        var member = StaffMember(summary)
        member.department = try row("SELECT department FROM access_staff WHERE person = ?", key)?
            .optionalBytes(0).map { String(decoding: $0, as: UTF8.self) }
        member.shifts = try rows(
            "SELECT starts, ends FROM access_shifts WHERE person = ? ORDER BY starts", key
        ).map(StaffMember.Shift.init)
        for row in try rows(
            "SELECT patient, until FROM access_emergencies WHERE person = ? AND ended IS NULL AND until > ? ORDER BY id",
            key + [.integer(now.microseconds)])
        {
            try member.add(emergency: row, 0)
        }
        return member
    }

    /// The same for many people at once.
    func staff(_ summaries: [PersonSummary]) throws -> [StaffMember] {
        var departments: [[UInt8]: String] = [:]
        for row in try rows("SELECT person, department FROM access_staff ORDER BY person", []) {
            departments[try row.bytes(0)] = try row.optionalBytes(1).map { String(decoding: $0, as: UTF8.self) }
        }
        var shifts: [[UInt8]: [StaffMember.Shift]] = [:]
        for row in try rows("SELECT starts, ends, person FROM access_shifts ORDER BY person, starts", []) {
            shifts[try row.bytes(2), default: []].append(try StaffMember.Shift(row))
        }
        var emergencies: [[UInt8]: [Row]] = [:]
        for row in try rows(
            "SELECT person, patient, until FROM access_emergencies WHERE ended IS NULL AND until > ? ORDER BY id",
            [.integer(now.microseconds)])
        {
            emergencies[try row.bytes(0), default: []].append(row)
        }
        return try summaries.map { summary in
            var member = StaffMember(summary)
            member.department = departments[summary.id.bytes]
            member.shifts = shifts[summary.id.bytes] ?? []
            for row in emergencies[summary.id.bytes] ?? [] { try member.add(emergency: row, 1) }
            return member
        }
    }

    /// Who in this house is meant by the practitioners of the records; all of them for nil.
    func people(of practitioners: Set<String>?) throws -> [String: Set<Identifier<Kernel.Person>>] {
        var people: [String: Set<Identifier<Kernel.Person>>] = [:]
        func add(_ row: Row) throws {
            guard let person = Identifier<Kernel.Person>(bytes: try row.bytes(1)) else { throw Self.damaged }
            people[String(decoding: try row.bytes(0), as: UTF8.self), default: []].insert(person)
        }
        let columns = "SELECT practitioner, person FROM access_practitioners"
        guard let practitioners else {
            for row in try rows("\(columns) ORDER BY practitioner, person", []) { try add(row) }
            return people
        }
        for practitioner in practitioners {
            for row in try rows(
                "\(columns) WHERE practitioner = ? ORDER BY person", [.bytes(Array(practitioner.utf8))])
            {
                try add(row)
            }
        }
        return people
    }

    fileprivate static var damaged: Fault { Fault(.damaged, "A row of the access tables has an id that is none.") }
}

extension StaffMember {
    fileprivate mutating func add(emergency row: Row, _ column: Int) throws {
        guard let patient = Identifier<Kernel.Patient>(bytes: try row.bytes(column)) else {
            throw Fault(.damaged, "An emergency names a patient by an id that is none.")
        }
        let until = Instant(microseconds: try row.integer(column + 1))
        emergencies[patient] = max(emergencies[patient] ?? until, until)
    }
}

extension StaffMember.Shift {
    fileprivate init(_ row: Row) throws {
        from = Instant(microseconds: try row.integer(0))
        until = Instant(microseconds: try row.integer(1))
    }
}
