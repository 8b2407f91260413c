// SPDX-License-Identifier: Apache-2.0

import Kernel
import Keyring
import Store

extension ReadTransaction {
    private static var columns: String { "id, name, enabled, house, version, revision, created, used, masks" }

    /// All applications, by name.
    func applications() throws -> [Application] {
        try rows("SELECT \(Self.columns) FROM access_applications ORDER BY name", []).map(Application.init)
    }

    /// The application of that id; nil when there is none.
    func application(_ id: Identifier<Application>) throws -> Application? {
        try row("SELECT \(Self.columns) FROM access_applications WHERE id = ?", [.bytes(id.bytes)])
            .map(Application.init)
    }

    /// The application of that name; nil when there is none.
    func application(named name: String) throws -> Application? {
        try row("SELECT \(Self.columns) FROM access_applications WHERE name = ?", [.bytes(Array(name.utf8))])
            .map(Application.init)
    }

    /// The application that has the token with this hash; nil when none has.
    func application(tokenHash hash: [UInt8]) throws -> Application? {
        try row("SELECT \(Self.columns) FROM access_applications WHERE token = ?", [.bytes(hash)])
            .map(Application.init)
    }

    /// The texts of an application's own rules; nil for one that has none.
    func applicationTexts(_ id: Identifier<Application>, _ key: OpenKey) throws -> PolicyTexts? {
        let query = """
            SELECT version, texts.rules, texts.policies, texts.entities
            FROM access_applications JOIN access_application_rules AS texts ON application = id WHERE id = ?
            """
        guard let row = try row(query, [.bytes(id.bytes)]) else { return nil }
        let sealed = PolicyTexts(schema: try row.bytes(1), policies: try row.bytes(2), entities: try row.bytes(3))
        return try sealed.opened(with: key, id, version: try row.integer(0))
    }
}

extension Transaction {
    /// - Parameter texts: its own rules, sealed.
    func insert(_ application: Application, token: ApplicationToken, _ texts: PolicyTexts?) throws {
        try execute(
            """
            INSERT INTO access_applications
                (id, name, token, enabled, house, version, revision, created, masks)
            VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?)
            """,
            [
                .bytes(application.id.bytes), .bytes(Array(application.name.utf8)), .bytes(token.hash),
                .integer(application.asksHouse ? 1 : 0), .integer(application.version),
                .integer(application.revision), .integer(application.created.microseconds),
                .integer(application.honoursMasks ? 1 : 0),
            ])
        if let texts { try insert(texts, of: application.id) }
    }

    private func insert(_ sealed: PolicyTexts, of id: Identifier<Application>) throws {
        try execute(
            "INSERT INTO access_application_rules (application, rules, policies, entities) VALUES (?, ?, ?, ?)",
            [.bytes(id.bytes), .bytes(sealed.schema), .bytes(sealed.policies), .bytes(sealed.entities)])
    }

    /// Puts other rules, sealed, in the place of an application's own.
    func replaceRules(of id: Identifier<Application>, by sealed: PolicyTexts, version: Int64) throws {
        try execute("DELETE FROM access_application_rules WHERE application = ?", [.bytes(id.bytes)])
        try insert(sealed, of: id)
        try change(id, "version = ?", [.integer(version)])
    }

    /// Forgets an application with its rules.
    func remove(_ id: Identifier<Application>) throws {
        try execute("DELETE FROM access_application_rules WHERE application = ?", [.bytes(id.bytes)])
        try execute("DELETE FROM access_applications WHERE id = ?", [.bytes(id.bytes)])
    }

    /// Changes columns of an application and counts the change.
    func change(_ id: Identifier<Application>, _ columns: String, _ values: [StoreValue]) throws {
        try execute(
            "UPDATE access_applications SET \(columns), revision = revision + 1 WHERE id = ?",
            values + [.bytes(id.bytes)])
    }

    /// Notes that an application asks, at most once a minute.
    func noteUse(of application: Application) throws {
        let due = application.used.map { $0.advanced(by: .seconds(60)) <= now || now < $0 } ?? true
        guard due else { return }
        try execute(
            "UPDATE access_applications SET used = ? WHERE id = ?",
            [.integer(now.microseconds), .bytes(application.id.bytes)])
    }
}

extension Application {
    /// A row of the columns above.
    fileprivate init(_ row: Row) throws {
        guard let id = Identifier<Application>(bytes: try row.bytes(0)) else {
            throw Fault(.damaged, "An application has an id that is none.")
        }
        self.id = id
        name = String(decoding: try row.bytes(1), as: UTF8.self)
        isEnabled = try row.integer(2) != 0
        asksHouse = try row.integer(3) != 0
        version = try row.integer(4)
        revision = try row.integer(5)
        created = Instant(microseconds: try row.integer(6))
        used = try row.optionalInteger(7).map(Instant.init(microseconds:))
        honoursMasks = try row.integer(8) != 0
    }
}
