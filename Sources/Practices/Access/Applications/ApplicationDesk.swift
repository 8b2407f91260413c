// SPDX-License-Identifier: Apache-2.0

import Building
import CedarPolicy
import Codecs
import Kernel
import Keyring
import Ledger
import Store

/// Adds, changes and removes applications, for the command line and the console.
struct ApplicationDesk: Sendable {
    let store: Database
    /// Seals the rules that applications bring.
    private let key: OpenKey

    /// A desk in this house.
    ///
    /// - Throws: `Fault` when the key of this practice cannot be made or opened.
    init(_ house: House) async throws {
        store = house.store
        key = try await house.keyring.sharedKey(owner: "access")
    }

    /// All of them, by name.
    func all() async throws -> [Application] {
        try await store.read { tx in try tx.applications() }
    }

    /// The application of this id.
    ///
    /// - Throws: `Fault.notFound`.
    func application(_ id: Identifier<Application>) async throws -> Application {
        try await store.read { tx in try tx.known(id) }
    }

    /// The application of this name.
    ///
    /// - Throws: `Fault.notFound`.
    func application(named name: String) async throws -> Application {
        guard let found = try await store.read({ tx in try tx.application(named: name) }) else {
            throw Fault(
                .notFound, "No application has this name. `salus access applications list` shows those that exist.")
        }
        return found
    }

    /// The texts of its own rules; nil for one that asks about the house.
    func texts(of application: Application) async throws -> PolicyTexts? {
        try await store.read { [key] tx in try tx.applicationTexts(application.id, key) }
    }

    /// Adds an application and makes its token.
    ///
    /// - Parameters:
    ///   - texts: its own rules; nil for one that asks about the house.
    ///   - honoursMasks: whether it leaves out what the house's rules mask.
    /// - Throws: `Fault.invalidInput` when the name is taken, `PolicyTextError` for rules that are wrong.
    func add(
        _ name: ApplicationName, _ texts: PolicyTexts?, honoursMasks: Bool = false, by actor: Kernel.EntityReference
    ) async throws -> (application: Application, token: ApplicationToken) {
        guard texts == nil || !honoursMasks else { throw Self.masksNothing }
        let counts = try texts.map { try PolicyStore($0).counts } ?? []
        return try await store.write { [key] tx in
            try tx.demandFree(name)
            let application = Application(
                id: Identifier(at: tx.now), name: name.text, isEnabled: true, asksHouse: texts == nil, version: 1,
                revision: 1, created: tx.now, used: nil, honoursMasks: honoursMasks)
            let token = ApplicationToken()
            let sealed = try texts?.sealed(with: key, application.id, version: application.version)
            try tx.insert(application, token: token, sealed)
            var members = [
                CanonicalMember("application", .string(application.id.description)),
                .init("house", .boolean(texts == nil)),
            ]
            if texts != nil { members += counts + [.init("version", 1)] }
            try tx.record(Fact(ApplicationFacts.added, by: actor, members))
            if honoursMasks { try tx.record(application, "honours-masks", by: actor) }
            return (application, token)
        }
    }

    /// Gives an application other rules, all three texts at once.
    ///
    /// - Throws: `PolicyTextError` for rules that are wrong, `Fault.conflict` when others were put in meanwhile.
    func setRules(
        of application: Application, _ texts: PolicyTexts, by actor: Kernel.EntityReference
    ) async throws {
        guard !application.asksHouse else {
            throw Fault(.refused, "This application asks about the house: it has no rules of its own.")
        }
        let counts = try PolicyStore(texts).counts
        try await store.write { [key] tx in
            let current = try tx.known(application.id)
            guard current.version == application.version else {
                throw Fault(.conflict, "Somebody changed the rules of this application just now. Try again.")
            }
            let version = current.version + 1
            let sealed = try texts.sealed(with: key, application.id, version: version)
            try tx.replaceRules(of: application.id, by: sealed, version: version)
            try tx.record(application, "rules", by: actor, counts + [.init("version", .integer(version))])
        }
    }

    /// Gives an application another name.
    ///
    /// - Throws: `Fault.invalidInput` when the name is taken.
    func rename(
        _ application: Application, _ name: ApplicationName, by actor: Kernel.EntityReference
    ) async throws {
        try await store.write { tx in
            guard try tx.known(application.id).name != name.text else { return }
            try tx.demandFree(name)
            try tx.change(application.id, "name = ?", [.bytes(Array(name.text.utf8))])
            try tx.record(application, "name", by: actor)
        }
    }

    /// Answers an application again, or no more.
    func setEnabled(
        _ isEnabled: Bool, _ id: Identifier<Application>, by actor: Kernel.EntityReference
    ) async throws {
        try await store.write { tx in
            let application = try tx.known(id)
            guard application.isEnabled != isEnabled else { return }
            try tx.change(id, "enabled = ?", [.integer(isEnabled ? 1 : 0)])
            try tx.record(application, isEnabled ? "enabled" : "disabled", by: actor)
        }
    }

    /// Says whether an application that asks about the house leaves out what the rules mask.
    ///
    /// - Throws: `Fault.invalidInput` for one with rules of its own, which mask nothing.
    func setHonoursMasks(
        _ honoursMasks: Bool, _ id: Identifier<Application>, by actor: Kernel.EntityReference
    ) async throws {
        try await store.write { tx in
            let application = try tx.known(id)
            guard application.asksHouse else { throw Self.masksNothing }
            guard application.honoursMasks != honoursMasks else { return }
            try tx.change(id, "masks = ?", [.integer(honoursMasks ? 1 : 0)])
            try tx.record(application, honoursMasks ? "honours-masks" : "ignores-masks", by: actor)
        }
    }

    private static let masksNothing = Fault(
        .invalidInput,
        "Rules of a program's own mask nothing: only an application that asks about the house honours masks."
    )

    /// Gives an application a new token; the old one is worth nothing from then on.
    func rotateToken(
        of application: Application, by actor: Kernel.EntityReference
    ) async throws -> ApplicationToken {
        try await store.write { tx in
            let token = ApplicationToken()
            _ = try tx.known(application.id)
            try tx.change(application.id, "token = ?", [.bytes(token.hash)])
            try tx.record(application, "token", by: actor)
            return token
        }
    }

    /// Forgets an application with its rules. What it asked stays in the log.
    func remove(_ application: Application, by actor: Kernel.EntityReference) async throws {
        try await store.write { tx in
            _ = try tx.known(application.id)
            try tx.remove(application.id)
            try tx.record(
                Fact(
                    ApplicationFacts.removed, by: actor,
                    [.init("application", .string(application.id.description))]))
        }
    }
}

extension PolicyStore {
    /// How much there is of what, for the log and for people.
    var counts: [CanonicalMember] {
        [
            .init("policies", .integer(Int64(policies.policies.count))),
            .init("entities", .integer(Int64(entities.count))),
        ]
    }
}

extension ReadTransaction {
    /// The application of this id.
    ///
    /// - Throws: `Fault.notFound`.
    fileprivate func known(_ id: Identifier<Application>) throws -> Application {
        guard let application = try application(id) else {
            throw Fault(.notFound, "There is no such application any more.")
        }
        return application
    }

    fileprivate func demandFree(_ name: ApplicationName) throws {
        guard try application(named: name.text) == nil else {
            throw Fault(.invalidInput, "Another application has the name \(name.text). Choose another one.")
        }
    }
}

extension Transaction {
    fileprivate func record(
        _ application: Application, _ changed: String, by actor: Kernel.EntityReference,
        _ members: [CanonicalMember] = []
    ) throws {
        try record(
            Fact(
                ApplicationFacts.changed, by: actor,
                [
                    .init("application", .string(application.id.description)), .init("changed", .string(changed)),
                ] + members))
    }
}
