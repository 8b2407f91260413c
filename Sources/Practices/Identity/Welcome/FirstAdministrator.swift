// SPDX-License-Identifier: Apache-2.0

package import Building
import Codecs
import Kernel
import Ledger
import Store

extension IdentityPractice {
    /// The token of a fresh welcome link as long as no enabled administrator has a second factor; nil afterwards.
    ///
    /// Makes the administrator if nobody was invited as one. Earlier links of that person go on working until one of
    /// them is used: a second start must not end a set-up that is under way.
    package static func ensureFirstAdministrator(_ house: House) async throws -> String? {
        try await ensureFirstAdministrator(in: house.store)
    }

    static func ensureFirstAdministrator(in store: Database) async throws -> String? {
        try await store.write { tx in
            let administrators = try tx.people().filter { $0.isEnabled && $0.has(.administrator) }
            let real = administrators.filter { !$0.isInvented }
            if real.contains(where: { $0.factorConfirmed != nil }) { return nil }
            let invited = real.filter { $0.invited != nil }.max { ($0.created, $0.id) < ($1.created, $1.id) }
            let id = try invited?.id ?? addAdministrator(tx)
            try tx.record(
                Fact(IdentityFacts.personInvited, by: .system, members(id, roles: [StaffRole.administrator.rawValue])))
            return try tx.addLink(for: id).text
        }
    }

    /// Adds a person called Administrator under the first sign-in name that is free.
    private static func addAdministrator(_ tx: any Transaction) throws -> Identifier<Person> {
        for attempt in 1...100 {
            let text = attempt == 1 ? "administrator" : "administrator-\(attempt)"
            guard let login = Login(text), let name = PersonName("Administrator") else { break }
            if try tx.person(login) == nil { return try tx.addPerson(login, name, [.administrator]) }
        }
        throw Fault(.conflict, "Every sign-in name for a new administrator is taken. Use: salus people reset-factor")
    }
}
