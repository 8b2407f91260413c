// SPDX-License-Identifier: Apache-2.0

package import Kernel
import Ledger
package import Store

/// Somebody to be added without an invitation: for the demonstration.
package struct NewPerson: Sendable {
    /// The sign-in name.
    package let login: String
    /// The name that colleagues know.
    package let name: String
    /// The ids of the roles.
    package let roles: [String]

    /// A person with roles.
    package init(login: String, name: String, roles: [String]) {
        self.login = login
        self.name = name
        self.roles = roles
    }
}

extension IdentityPractice {
    /// Adds people of the synthetic clinic. They have no password and no second factor, so none of them can sign in
    /// until somebody makes a welcome link for them.
    ///
    /// - Parameter isInvited: whether each of them gets a link, which nobody will ever follow.
    /// - Returns: their ids, in the same order.
    /// - Throws: `Fault.invalidInput` for a sign-in name that is taken or none, or a role that is not known.
    package static func addSynthetic(
        people: [NewPerson], by actor: EntityReference = .system, isInvited: Bool = false, in tx: any Transaction
    ) throws -> [Identifier<Person>] {
        try people.map { person in
            guard let login = Login(person.login), let name = PersonName(person.name) else {
                throw Fault(.invalidInput, "A person of the demonstration has no proper name.")
            }
            let roles = try StaffRole.roles(person.roles)
            let id = try tx.addPerson(login, name, roles)
            if isInvited { _ = try tx.addLink(for: id) }
            try tx.record(Fact(IdentityFacts.personInvited, by: actor, members(id, roles: roles.map(\.rawValue))))
            return id
        }
    }
}
