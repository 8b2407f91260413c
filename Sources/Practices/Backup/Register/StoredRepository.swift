// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kernel
import Keyring
import Store

/// A repository that Salus knows and uses by itself.
struct StoredRepository: Sendable {
    let id: Identifier<StoredRepository>
    let name: String
    /// As restic takes it; it may hold a password, so people see the place's own name instead.
    let address: String
    /// Where it stands, as the clinic calls it: copies at one site burn together.
    let site: String
    let created: Instant
    /// What the last look at it found; nil before the first.
    var looked: Look?
    /// Why the newest look failed, in words; nil when it did not.
    var trouble: String?

    /// What a look at a repository found.
    struct Look: Sendable, Equatable {
        let at: Instant
        /// Whether the credentials of the backup can delete what was backed up; nil where that cannot be told.
        let canDelete: Bool?
    }
}

/// What opens a repository. Stored sealed.
struct RepositorySecrets: Sendable, Codable {
    var password: [UInt8]
    var connection: PlaceConnection

    private static let kind = "backup-repository"

    func sealed(with key: OpenKey, _ id: Identifier<StoredRepository>) throws -> [UInt8] {
        try key.seal(Array(try JSONEncoder().encode(self)), SealingContext(kind: Self.kind, id: id.bytes))
    }

    static func open(
        _ sealed: [UInt8], with key: OpenKey, _ id: Identifier<StoredRepository>
    ) throws -> RepositorySecrets {
        let bytes = try key.open(sealed, SealingContext(kind: kind, id: id.bytes))
        do {
            return try JSONDecoder().decode(RepositorySecrets.self, from: Data(bytes))
        } catch {
            throw Fault(.damaged, "What opens a backup repository cannot be read: it was written by another version.")
        }
    }
}

extension ReadTransaction {
    private static var columns: String { "id, name, address, site, created, looked, deletes, trouble" }

    /// All repositories, by name.
    func backupRepositories() throws -> [StoredRepository] {
        try rows("SELECT \(Self.columns) FROM backup_repositories ORDER BY name", []).map(StoredRepository.init)
    }

    /// The repository of that id; nil when there is none.
    func backupRepository(_ id: Identifier<StoredRepository>) throws -> StoredRepository? {
        try row("SELECT \(Self.columns) FROM backup_repositories WHERE id = ?", [.bytes(id.bytes)])
            .map(StoredRepository.init)
    }

    /// The repository of that name; nil when there is none.
    func backupRepository(named name: String) throws -> StoredRepository? {
        try row("SELECT \(Self.columns) FROM backup_repositories WHERE name = ?", [.bytes(Array(name.utf8))])
            .map(StoredRepository.init)
    }

    /// What opens a repository.
    ///
    /// - Throws: `Fault.notFound`, `Fault.damaged`.
    func backupSecrets(_ id: Identifier<StoredRepository>, _ key: OpenKey) throws -> RepositorySecrets {
        guard let row = try row("SELECT secrets FROM backup_repositories WHERE id = ?", [.bytes(id.bytes)]) else {
            throw Fault(.notFound, "There is no such repository any more.")
        }
        return try RepositorySecrets.open(try row.bytes(0), with: key, id)
    }
}

extension Transaction {
    /// - Parameter config: the repository's own id: one repository under two names would count as two copies.
    func insert(_ repository: StoredRepository, config: [UInt8], sealed: [UInt8]) throws {
        try execute(
            """
            INSERT INTO backup_repositories (id, name, address, site, secrets, config, created)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .bytes(repository.id.bytes), .bytes(Array(repository.name.utf8)),
                .bytes(Array(repository.address.utf8)), .bytes(Array(repository.site.utf8)), .bytes(sealed),
                .bytes(config), .integer(repository.created.microseconds),
            ])
    }

    /// Notes what a look at a repository found.
    func note(_ look: StoredRepository.Look, at id: Identifier<StoredRepository>) throws {
        try execute(
            "UPDATE backup_repositories SET looked = ?, deletes = ?, trouble = NULL WHERE id = ?",
            [
                .integer(look.at.microseconds), StoreValue(look.canDelete.map { $0 ? 1 : 0 }), .bytes(id.bytes),
            ])
    }
}

extension Transaction {
    /// Notes why a look at a repository failed.
    func note(trouble: String, at id: Identifier<StoredRepository>) throws {
        try execute(
            "UPDATE backup_repositories SET trouble = ? WHERE id = ?", [.bytes(Array(trouble.utf8)), .bytes(id.bytes)])
    }
}

extension StoredRepository {
    /// What the newest look found about deleting, as far as it is not too long ago to be believed.
    func canDelete(at now: Instant) -> Bool? {
        guard let looked, looked.at >= now.advanced(by: .zero - .hours(24)), looked.at <= now.advanced(by: .minutes(5))
        else { return nil }
        return looked.canDelete
    }

    fileprivate init(_ row: Row) throws {
        guard let id = Identifier<StoredRepository>(bytes: try row.bytes(0)) else {
            throw Fault(.damaged, "The id of a backup repository is no identifier.")
        }
        self.id = id
        name = String(decoding: try row.bytes(1), as: UTF8.self)
        address = String(decoding: try row.bytes(2), as: UTF8.self)
        site = String(decoding: try row.bytes(3), as: UTF8.self)
        created = Instant(microseconds: try row.integer(4))
        looked = try row.optionalInteger(5).map { at in
            Look(at: Instant(microseconds: at), canDelete: try row.optionalInteger(6).map { $0 != 0 })
        }
        trouble = try row.optionalBytes(7).map { String(decoding: $0, as: UTF8.self) }
    }
}
