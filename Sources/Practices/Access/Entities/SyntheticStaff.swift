// SPDX-License-Identifier: Apache-2.0

package import Building
package import Kernel
import Store

extension AccessPractice {
    /// Where somebody of the demonstration works, and by which number its records name them.
    package struct SyntheticStaff: Sendable {
        let person: Identifier<Person>
        let department: String?
        let practitioner: String?

        /// A member of staff.
        ///
        /// - Parameter practitioner: `system|value`, as the records have it.
        package init(person: Identifier<Person>, department: String?, practitioner: String?) {
            self.person = person
            self.department = department
            self.practitioner = practitioner
        }
    }

    /// Sets the demonstration's staff up.
    ///
    /// - Throws: `Fault.refused` in a store that was made for real patients.
    package static func addSynthetic(staff: [SyntheticStaff], into house: House) async throws {
        try await house.store.write { tx in
            try HouseRegister.demandSynthetic(tx)
            for member in staff {
                if let department = member.department {
                    try tx.execute(
                        "INSERT INTO access_staff (person, department) VALUES (?, ?)",
                        [.bytes(member.person.bytes), .bytes(Array(department.utf8))])
                }
                if let practitioner = member.practitioner {
                    try tx.execute(
                        "INSERT INTO access_practitioners (practitioner, person) VALUES (?, ?)",
                        [.bytes(Array(practitioner.utf8)), .bytes(member.person.bytes)])
                }
            }
        }
    }

    /// Lets the demonstration's care teams decide who reads charts.
    ///
    /// - Throws: `Fault.refused` in a store that was made for real patients.
    package static func switchSyntheticCareTeams(in house: House) async throws {
        try await house.store.read { tx in try HouseRegister.demandSynthetic(tx) }
        let teams = CareTeams(house)
        guard try await !teams.areOn() else { return }
        try await teams.set(true, try await teams.figures(), by: .system)
    }
}
