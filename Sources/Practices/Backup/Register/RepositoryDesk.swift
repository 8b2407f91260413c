// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Foundation
import Kernel
import Keyring
import Ledger
import ResticFormat
import Store

/// Keeps the repositories that Salus uses by itself.
struct RepositoryDesk: Sendable {
    let house: House
    /// Seals what opens them.
    let key: OpenKey

    /// A desk in this house.
    ///
    /// - Throws: `Fault` when the key of this practice cannot be made or opened.
    init(_ house: House) async throws {
        self.house = house
        key = try await house.keyring.sharedKey(owner: "backup")
    }

    /// All of them, by name.
    func all() async throws -> [StoredRepository] {
        try await house.store.read { tx in try tx.backupRepositories() }
    }

    /// The repository of this name.
    ///
    /// - Throws: `Fault.notFound`.
    func repository(named name: String) async throws -> StoredRepository {
        guard let found = try await house.store.read({ tx in try tx.backupRepository(named: name) }) else {
            throw Fault(
                .notFound,
                "No repository has this name. `salus backup repository list` shows those that are known.")
        }
        return found
    }

    /// Takes a repository in: opens it, or makes it where there is none.
    ///
    /// - Parameter password: nil to make a new one, for a repository that does not exist yet.
    /// - Returns: the repository, the same opened, and the password where it was made here.
    /// - Throws: `Fault.invalidInput`, and what opening throws.
    func add(
        _ name: BackupName, at address: String, site: String, password: [UInt8]?, _ connection: PlaceConnection,
        by actor: EntityReference
    ) async throws -> (repository: StoredRepository, opened: Repository, newPassword: String?) {
        guard try await house.store.read({ tx in try tx.backupRepository(named: name.text) }) == nil else {
            throw Self.taken(name)
        }
        var connection = connection
        let address = connection.takingCredentials(from: address)
        let place = try connection.place(at: address) { _ in }
        let exists = try await place.length(of: .config) != nil
        guard !exists || password != nil else {
            throw Fault(.invalidInput, "There is a repository already: say where its password is with --password-file.")
        }
        let made = password == nil ? Self.newPassword() : nil
        let bytes = password ?? Array((made ?? "").utf8)
        let opened =
            exists
            ? try await Repository.open(at: place, password: bytes)
            : try await Repository.create(at: place, password: bytes, who: .current)
        let secrets = RepositorySecrets(password: bytes, connection: connection)
        let config = Array(opened.config.id.bytes)
        let canDelete = try await place.canDelete()
        let repository = try await house.store.write { [key] tx in
            guard try tx.backupRepository(named: name.text) == nil else { throw Self.taken(name) }
            let same = try tx.row("SELECT name FROM backup_repositories WHERE config = ?", [.bytes(config)])
            if let known = try same.map({ String(decoding: try $0.bytes(0), as: UTF8.self) }) {
                throw Fault(.invalidInput, "This repository is known already, as \(known).")
            }
            let repository = StoredRepository(
                id: Identifier(at: tx.now), name: name.text, address: address, site: site, created: tx.now)
            try tx.insert(repository, config: config, sealed: try secrets.sealed(with: key, repository.id))
            try tx.note(StoredRepository.Look(at: tx.now, canDelete: canDelete), at: repository.id)
            try tx.record(
                Fact(
                    BackupFacts.repositoryAdded, by: actor,
                    [
                        .init("repository", .string(repository.id.description)),
                        .init("place", .string(repository.place)),
                    ]
                ))
            return repository
        }
        return (repository, opened, made)
    }

    /// Forgets a repository; its files stay as they are.
    ///
    /// - Throws: `Fault.conflict` while a job uses it.
    func remove(_ repository: StoredRepository, by actor: EntityReference) async throws {
        try await house.store.write { tx in
            let used = try tx.row(
                "SELECT job FROM backup_job_repositories WHERE repository = ? LIMIT 1", [.bytes(repository.id.bytes)])
            guard used == nil else {
                throw Fault(.conflict, "A job uses this repository: remove the job first.")
            }
            try tx.execute("DELETE FROM backup_repositories WHERE id = ?", [.bytes(repository.id.bytes)])
            try tx.record(
                Fact(
                    BackupFacts.repositoryRemoved, by: actor,
                    [.init("repository", .string(repository.id.description))]))
        }
    }

    /// What opens a repository.
    func secrets(of repository: StoredRepository) async throws -> RepositorySecrets {
        try await house.store.read { [key] tx in try tx.backupSecrets(repository.id, key) }
    }

    /// Opens a repository, on threads that may wait.
    func open(_ repository: StoredRepository) async throws -> Repository {
        let secrets = try await secrets(of: repository)
        let place = try secrets.connection.place(at: repository.address) { _ in }
        return try await Repository.open(at: place, password: secrets.password)
    }

    private static func taken(_ name: BackupName) -> Fault {
        Fault(.invalidInput, "Another repository has the name \(name.text). Choose another one.")
    }

    /// Six groups of letters and digits that nobody mistakes for each other: 150 bits.
    private static func newPassword() -> String {
        let letters = Array("abcdefghjkmnpqrstuvwxyz23456789".utf8)
        var generator = SystemRandomNumberGenerator()
        let groups = (0..<6).map { _ in
            String(decoding: (0..<5).map { _ in letters.randomElement(using: &generator) ?? 0 }, as: UTF8.self)
        }
        return groups.joined(separator: "-")
    }
}

extension StoredRepository {
    /// The kind of place: `folder`, `rest`, `sftp`, `s3`.
    var place: String {
        switch try? PlaceAddress(address) {
        case .folder, nil: "folder"
        case .rest: "rest"
        case .sftp: "sftp"
        case .s3: "s3"
        }
    }

    /// The place for people, without a password.
    var placeName: String {
        (try? PlaceConnection.name(of: address)) ?? "an address that cannot be read"
    }
}

extension PlaceConnection {
    /// An address without the user and password in it, which are kept here instead, where they are sealed.
    mutating func takingCredentials(from address: String) -> String {
        guard case .rest(let web)? = try? PlaceAddress(address), let credentials = web.credentials else {
            return address
        }
        (restUser, restPassword) = (credentials.user, credentials.password)
        return "rest:\(web.text)/"
    }

    /// How the place at an address is named to people.
    static func name(of address: String) throws -> String {
        switch try PlaceAddress(address) {
        case .folder(let path): path
        case .rest(let address): "rest:\(address.text)/"
        case .sftp(let address): address.name
        case .s3(let address): "s3:\(address.server.text)/\(address.bucket)/\(address.prefix)"
        }
    }
}
