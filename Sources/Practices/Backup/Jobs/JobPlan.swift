// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kernel
import Keyring

/// What a job backs up.
enum JobSource: Sendable, Codable, Equatable {
    /// Files and folders by their absolute paths, without what the patterns name.
    case files(paths: [String], excludes: [String])
    /// A PostgreSQL server, by what libpq takes, under the name that its snapshots have.
    case postgres(connection: String, name: String)
    /// The log of a PostgreSQL server since the base backup that another job makes under the same name.
    case postgresLog(connection: String, name: String)
    /// A database of SQLite.
    case sqlite(path: String)
    /// What Salus itself keeps, wherever its store is.
    case salus

    /// The kind, as rows and leaves name it.
    var kind: Kind {
        switch self {
        case .files: .files
        case .postgres: .postgres
        case .postgresLog: .postgresLog
        case .sqlite: .sqlite
        case .salus: .salus
        }
    }

    /// The name that the snapshots of a PostgreSQL server have; nil for anything else.
    var server: String? {
        switch self {
        case .postgres(_, let name), .postgresLog(_, let name): name
        case .files, .sqlite, .salus: nil
        }
    }

    enum Kind: String, Sendable {
        case files
        case postgres
        case postgresLog = "postgres-log"
        case sqlite
        case salus

        /// For people.
        var word: String {
            switch self {
            case .files: "Files"
            case .postgres: "PostgreSQL"
            case .postgresLog: "Log of PostgreSQL"
            case .sqlite: "SQLite"
            case .salus: "Salus itself"
            }
        }
    }
}

/// Everything about a job that only its owner may know: it may hold a password, and paths may name patients. Stored sealed.
struct JobPlan: Sendable, Codable {
    var source: JobSource
    /// A program with its arguments that runs before; without its success nothing is backed up.
    var before: [String] = []
    /// One that runs afterwards in any case.
    var after: [String] = []
    /// What chooses the files whose hashes are recorded, so that nobody who does not have it knows which ones.
    var samplingKey: [UInt8]

    private static let kind = "backup-job"

    func sealed(with key: OpenKey, _ id: Identifier<BackupJob>) throws -> [UInt8] {
        try key.seal(Array(try JSONEncoder().encode(self)), SealingContext(kind: Self.kind, id: id.bytes))
    }

    static func open(_ sealed: [UInt8], with key: OpenKey, _ id: Identifier<BackupJob>) throws -> JobPlan {
        let bytes = try key.open(sealed, SealingContext(kind: kind, id: id.bytes))
        do {
            return try JSONDecoder().decode(JobPlan.self, from: Data(bytes))
        } catch {
            throw Fault(.damaged, "What a backup job does cannot be read: it was written by another version.")
        }
    }
}
