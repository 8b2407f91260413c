// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import Crypto
import FHIRBundle
import Foundation
import Kernel
import Ledger
import Store
import Vault

/// The unsealed twin of the vault's import: the same parser, the same tables, the same look-ups, the same leaves, but
/// resources, cards and names as they are, without keys, ciphers or keyed hashes.
struct PlainStore {
    private let store: Database

    /// A store in `folder`.
    init(folder: String) async throws {
        store = try await Database.open(.sqlite(path: "\(folder)/plain.db"), clock: SystemClock())
        try await store.migrate(EvidenceLog.migrations + VaultMigrations.all)
    }

    func close() async { await store.close() }

    /// Imports files, two of them read and parsed ahead of the one that is stored, as the vault does.
    ///
    /// - Returns: how many resources the store holds then.
    func take(_ files: [String]) async throws -> Int64 {
        try await withThrowingTaskGroup(of: (Int, PlainFile).self) { group in
            var (started, next) = (0, 0)
            var waiting: [Int: PlainFile] = [:]
            while next < files.count {
                while started < min(files.count, next + 2) {
                    let (number, path) = (started, files[started])
                    group.addTask { (number, try PlainFile(path)) }
                    started += 1
                }
                if let file = waiting.removeValue(forKey: next) {
                    try await store.write { tx in
                        var commit = PlainCommit(file, in: tx)
                        try commit.run()
                    }
                    next += 1
                } else if let (number, file) = try await group.next() {
                    waiting[number] = file
                }
            }
        }
        return try await store.read { tx in
            try tx.row("SELECT count(*) FROM vault_records WHERE current = 1")?.integer(0) ?? 0
        }
    }
}

/// A file, read and taken apart.
struct PlainFile: Sendable {
    let digest: [UInt8]
    let bundle: BundleFile
    let owners: [Owner]

    init(_ path: String) throws {
        let content = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        digest = Array(SHA256.hash(data: content))
        bundle = try BundleFile.parse(content)
        owners = Ownership.resolve(bundle)
    }
}
