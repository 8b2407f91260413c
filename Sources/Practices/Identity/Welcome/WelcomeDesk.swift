// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Ledger
import OneTimePassword
import Store

/// Lets an invited person set up their sign-in: name and password, then the telephone, then recovery codes.
struct WelcomeDesk: Sendable {
    let registry: Registry
    let hasher: PasswordHasher
    let rules: PasswordRules
    let institution: String

    /// Where somebody with a link stands.
    enum Stage: Sendable {
        /// Name and password are next.
        case details(PersonRecord, mayRename: Bool)
        /// The telephone is next.
        case factor(PersonRecord, FactorSetUp)
    }

    /// What a telephone needs to learn the secret.
    struct FactorSetUp: Sendable {
        /// The `otpauth://` address for the QR code.
        let address: String
        /// The secret in Base32, for typing.
        let secret: String
    }

    /// What happened to a code.
    enum Confirmation: Sendable {
        case done(Grant, [RecoveryCode], isFirstAdministrator: Bool)
        case wrongCode
    }

    /// Where the person with this link stands.
    ///
    /// - Throws: `DeadLink`.
    func stage(_ link: SecretToken, backToDetails: Bool = false) async throws -> Stage {
        try await registry.store.read { tx in
            let person = try tx.welcomed(by: link)
            guard !backToDetails, try tx.isPrepared(link), let factor = try tx.factor(of: person.id) else {
                return .details(person, mayRename: try tx.isNobodySetUp())
            }
            return .factor(person, try setUp(factor, person))
        }
    }

    private func setUp(_ factor: FactorRecord, _ person: PersonRecord) throws -> FactorSetUp {
        let totp = try registry.totp(factor, of: person.id)
        let place = institution.replacing(":", with: " ")
        let address = (try? totp.address(issuer: "Salus \(place)", account: person.login))
        return FactorSetUp(
            address: try address ?? totp.address(issuer: "Salus", account: person.login), secret: totp.secret.base32)
    }

    /// What is wrong with the details, by field; empty when they were taken.
    ///
    /// - Throws: `DeadLink`, and what the store throws.
    func setDetails(_ link: SecretToken, _ form: DetailsForm) async throws -> DetailsErrors {
        let (person, mayRename) = try await registry.store.read { tx in
            (try tx.welcomed(by: link), try tx.isNobodySetUp())
        }
        let login = mayRename ? Login(form.login) : Login(person.login)
        let name = mayRename ? PersonName(form.name) : PersonName(person.name)
        var errors = DetailsErrors()
        if login == nil { errors.login = "A sign-in name has \(Login.hint)." }
        if name == nil { errors.name = "Enter the name that colleagues know." }
        errors.password = rules.objection(
            to: form.password, login: login?.text ?? "", name: name?.text ?? "")
        if errors.password == nil, !form.password.utf8.elementsEqual(form.again.utf8) {
            errors.again = "The two passwords differ. Type the same one twice."
        }
        guard errors.isEmpty, let login, let name, let password = PasswordText(form.password) else { return errors }
        let sealed = try registry.seal(password: try await hasher.hash(password), of: person.id)
        let secret = try registry.sealedSecret(for: person.id)
        return try await registry.store.write { tx in
            try take(link, person.id, login, name, sealed: sealed, secret: secret, tx)
        }
    }

    private func take(
        _ link: SecretToken, _ id: Identifier<Person>, _ login: Login, _ name: PersonName, sealed: [UInt8],
        secret: [UInt8], _ tx: any Transaction
    ) throws -> DetailsErrors {
        _ = try tx.welcomed(by: link)
        if try tx.isNobodySetUp() {
            if let other = try tx.person(login), other.id != id {
                return DetailsErrors(login: "This sign-in name is taken. Choose another one.")
            }
            try tx.execute(
                "UPDATE identity_people SET login = ?, name = ? WHERE id = ?",
                [.text(login.text), .bytes(Array(name.text.utf8)), .bytes(id.bytes)])
        }
        try tx.prepare(link, of: id)
        try tx.setPassword(of: id, sealed: sealed, by: .person(id))
        try tx.execute(
            """
            INSERT INTO identity_factors (person, sealed, last_step, confirmed) VALUES (?, ?, -1, NULL)
            ON CONFLICT (person) DO UPDATE SET sealed = excluded.sealed, last_step = -1
                WHERE identity_factors.confirmed IS NULL
            """,
            [.bytes(id.bytes), .bytes(secret)])
        return DetailsErrors()
    }

    /// Confirms the second factor with a code of the telephone, uses the link up, and signs the person in.
    ///
    /// - Throws: `DeadLink`.
    func confirm(
        _ link: SecretToken, code: String, device: SecretToken?, session: SecretToken?
    ) async throws -> Confirmation {
        try await registry.store.write { tx in
            let person = try tx.welcomed(by: link)
            guard try tx.isPrepared(link), let factor = try tx.factor(of: person.id),
                case .accepted(let step) = try registry.check(code, factor, of: person.id, at: tx.now)
            else { return .wrongCode }
            let isFirst = try person.has(.administrator) && tx.isNobodySetUp()
            try tx.use(link)
            try tx.execute(
                "UPDATE identity_factors SET last_step = ?, confirmed = ? WHERE person = ? AND confirmed IS NULL",
                [.integer(step), .integer(tx.now.microseconds), .bytes(person.id.bytes)])
            let actor = EntityReference.person(person.id)
            try tx.record(
                Fact(IdentityFacts.factorEnrolled, by: actor, [.init("person", .string(person.id.description))]))
            let codes = try tx.makeRecoveryCodes(for: person.id, registry, by: actor)
            let grant = try tx.grant(person.id, .totp, device: device, isKnown: false, replacing: session)
            return .done(grant, codes, isFirstAdministrator: isFirst)
        }
    }
}

/// What the first form of the welcome asks for.
struct DetailsForm: Sendable {
    let login: String
    let name: String
    let password: String
    let again: String
}

/// What is wrong with the first form of the welcome, by field.
struct DetailsErrors: Sendable {
    var login: String?
    var name: String?
    var password: String?
    var again: String?

    var isEmpty: Bool { login == nil && name == nil && password == nil && again == nil }
}

extension ReadTransaction {
    /// Whether nobody has a confirmed second factor yet: whoever sets one up now is the first. People of the
    /// demonstration's invented past do not count, because nobody can sign in as one of them.
    func isNobodySetUp() throws -> Bool {
        try row(
            """
            SELECT person FROM identity_factors JOIN identity_people ON id = person
            WHERE confirmed IS NOT NULL AND invented = 0 ORDER BY person LIMIT 1
            """) == nil
    }
}
