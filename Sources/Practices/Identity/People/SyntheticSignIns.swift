// SPDX-License-Identifier: Apache-2.0

package import Building
import Codecs
package import Kernel
import Ledger
package import Store

extension IdentityPractice {
    /// What happens to an account of the demonstration, at the time that the store's clock tells.
    package enum SyntheticAct: Sendable {
        /// The link before ran out, and another one was made.
        case invitedAgain(by: EntityReference)
        /// A password was chosen, and the telephone not connected yet.
        case passwordChosen
        /// Everything was set up.
        case enrolled
        /// Everything was taken away, and a new link made.
        case reset(by: EntityReference)
        /// Somebody signed in with a recovery code.
        case usedRecoveryCode
        /// Other roles than before.
        case rolesChanged([String], by: EntityReference)
        /// The account was closed.
        case closed(by: EntityReference)
    }

    /// Lets something happen to an account of the demonstration. Passwords and telephones are drawn by chance and known
    /// to nobody, so nobody can sign in as one of these people until somebody makes a link for them.
    ///
    /// - Throws: `Fault.refused` in a store that was made for real patients.
    package static func addSynthetic(
        _ act: SyntheticAct, of person: Identifier<Person>, into house: House
    ) async throws {
        let registry = try await Registry(store: house.store, keyring: house.keyring)
        let desk = PeopleDesk(store: house.store)
        try await house.store.read { tx in try HouseRegister.demandSynthetic(tx) }
        switch act {
        case .invitedAgain(let actor):
            try await house.store.write { tx in
                let known = try tx.known(person)
                try tx.record(Fact(IdentityFacts.personInvited, by: actor, members(person, roles: known.roles)))
                _ = try tx.makeLink(for: person)
            }
        case .passwordChosen: try await house.store.write { tx in try tx.choosePassword(of: person, registry) }
        case .enrolled: try await house.store.write { tx in try tx.enrol(person, registry) }
        case .reset(let actor): _ = try await desk.resetFactor(of: person, by: actor)
        case .usedRecoveryCode: try await house.store.write { tx in try tx.useAnyRecoveryCode(of: person) }
        case .rolesChanged(let roles, let actor):
            try await desk.setRoles(of: person, try StaffRole.roles(roles), by: actor)
        case .closed(let actor): try await desk.disable(person, by: actor)
        }
    }

    /// Notes when people of the demonstration last signed in; the facts are told apart.
    ///
    /// - Throws: `Fault.refused` in a store that was made for real patients.
    package static func addSynthetic(
        signIns: [Identifier<Person>: Instant], in tx: any Transaction
    ) throws {
        try HouseRegister.demandSynthetic(tx)
        for (person, at) in signIns {
            try tx.execute(
                "UPDATE identity_people SET signed_in = ? WHERE id = ? AND (signed_in IS NULL OR signed_in < ?)",
                [.integer(at.microseconds), .bytes(person.bytes), .integer(at.microseconds)])
        }
    }

    /// The fact that somebody of the demonstration signed in.
    package static func syntheticSignIn(
        of person: Identifier<Person>, withRecoveryCode: Bool = false, at moment: Instant
    ) -> Fact {
        let use = withRecoveryCode ? FactorUse.recoveryCode : .totp
        return Fact(
            IdentityFacts.signedIn, by: .person(person), effective: moment,
            [
                .init("session", .string(Identifier<Session>(at: moment).description)),
                .init("factor", .string(use.rawValue)), .init("device", .string(withRecoveryCode ? "new" : "known")),
            ])
    }

    /// The fact that a sign-in was refused under the name of somebody of the demonstration.
    package static func syntheticRefusal(of person: Identifier<Person>, at moment: Instant) -> Fact {
        Fact(
            IdentityFacts.signInRefused, by: nobody, effective: moment,
            [
                .init("reason", .string(RefusalReason.credentials.rawValue)),
                .init("person", .string(person.description)),
            ])
    }
}

extension Transaction {
    /// A hash as that of a password, made of chance alone: no password is behind it.
    fileprivate func choosePassword(of person: Identifier<Person>, _ registry: Registry) throws {
        let hash = PasswordHasher.hashOfNothing()
        try setPassword(of: person, sealed: try registry.seal(password: hash, of: person), by: .person(person))
    }

    fileprivate func enrol(_ person: Identifier<Person>, _ registry: Registry) throws {
        if try known(person).passwordChanged == nil { try choosePassword(of: person, registry) }
        try execute(
            """
            INSERT INTO identity_factors (person, sealed, last_step, confirmed) VALUES (?, ?, ?, ?)
            ON CONFLICT (person) DO UPDATE SET sealed = excluded.sealed, confirmed = excluded.confirmed
            """,
            [
                .bytes(person.bytes), .bytes(try registry.sealedSecret(for: person)),
                .integer(now.seconds / 30), .integer(now.microseconds),
            ])
        try execute("UPDATE identity_people SET invented = 1 WHERE id = ?", [.bytes(person.bytes)])
        try execute("DELETE FROM identity_links WHERE person = ?", [.bytes(person.bytes)])
        let actor = EntityReference.person(person)
        try record(
            Fact(IdentityFacts.factorEnrolled, by: actor, [.init("person", .string(person.description))]))
        _ = try makeRecoveryCodes(for: person, registry, by: actor)
        try record(IdentityPractice.syntheticSignIn(of: person, at: now))
        try IdentityPractice.addSynthetic(signIns: [person: now], in: self)
    }

    fileprivate func useAnyRecoveryCode(of person: Identifier<Person>) throws {
        let used = try execute(
            """
            UPDATE identity_recovery_codes SET used = ? WHERE person = ? AND hash = (
                SELECT hash FROM identity_recovery_codes WHERE person = ? AND used IS NULL ORDER BY hash LIMIT 1)
            """,
            [.integer(now.microseconds), .bytes(person.bytes), .bytes(person.bytes)])
        guard used == 1 else { return }
        try record(IdentityPractice.syntheticSignIn(of: person, withRecoveryCode: true, at: now))
        try IdentityPractice.addSynthetic(signIns: [person: now], in: self)
    }
}
