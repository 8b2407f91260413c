// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store

extension Transaction {
    /// Makes a change, and says whether anything is different.
    func make(_ change: StaffDesk.Change, for person: Identifier<Kernel.Person>) throws -> Bool {
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
