// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Foundation
import Kernel
import Ledger
import Store
import TestSupport
import Testing

@testable import Vault

@Suite("Synthea", .serialized)
struct SyntheaTests {
    private static func files() throws -> [SourceFile]? {
        guard let corpora = Corpora.folder else { return nil }
        return try SourceFile.find([corpora + "/synthea"])
    }

    @Test(arguments: StoreFixture.dialects)
    func everythingIsTakenInOnceAndNothingIsReadable(_ dialect: StoreDialect) async throws {
        guard let files = try Self.files() else { return }
        #expect(files.count == 42)
        #expect(files.prefix(2).allSatisfy { $0.name.hasPrefix("0-") })
        try await VaultFixture.with(dialect) { vault in
            let start = ContinuousClock.now
            let outcomes = try await vault.take(files: files)
            let time = ContinuousClock.now - start
            #expect(outcomes.allSatisfy { $0.isImported })
            let inventory = try await vault.inventory()
            #expect(inventory.patients == 40)
            #expect(inventory.resources == 27_095)
            #expect(inventory.files == 42)
            print("Synthea on \(dialect): 27,095 resources in \(time)")
            try await secondImportChangesNothing(vault, files, inventory)
            try await factsTellTheSame(vault)
            try await nothingIsReadable(vault, files)
        }
    }

    private func secondImportChangesNothing(
        _ vault: VaultFixture, _ files: [SourceFile], _ before: Inventory
    ) async throws {
        let leaves = try await vault.leaves(VaultFacts.imported)
        #expect(try await vault.take(files: files) == files.map { _ in .known })
        #expect(try await vault.inventory() == before)
        // Without the files' hashes every record is compared, and still nothing changes.
        try await vault.house.store.write { tx in _ = try tx.execute("DELETE FROM vault_files") }
        let again = try await vault.take(files: files)
        #expect(
            again.allSatisfy { outcome in
                guard case .imported(let tally) = outcome else { return false }
                return tally.stored == 0 && tally.patients == 0 && tally.unchanged > 0
            })
        #expect(try await vault.inventory() == before)
        #expect(try await vault.leaves(VaultFacts.imported).count == leaves.count)
    }

    private func factsTellTheSame(_ vault: VaultFixture) async throws {
        let leaves = try await vault.leaves(VaultFacts.imported)
        #expect(leaves.reduce(0) { $0 + ($1.data["count"]?.integerValue ?? 0) } == 27_095)
        #expect(Set(leaves.compactMap(\.on)).count == 40)
        let rounds = OpeningRounds(vault.house, pagesPerRun: 60)
        let reading = try #require(try await SealedAtRest.read(vault.house, rounds))
        #expect(reading.population == 27_095)
        #expect(reading.fulfilling == 27_095)
        #expect(PostureState.of(SealedAtRest.measure, reading, now: reading.collectedAt) == .met)
    }

    private func nothingIsReadable(_ vault: VaultFixture, _ files: [SourceFile]) async throws {
        try await vault.house.ledger.settle()
        let secrets = try files.reduce(into: Set<[UInt8]>()) { secrets, file in
            secrets.formUnion(try Secrets.ofPatients(in: try file.content()))
        }
        #expect(secrets.count > 300)
        let written: [[UInt8]]
        switch vault.location {
        case .sqlite:
            written = try filesBelow(vault.folder + "/store")
        case .postgres(let url):
            written = [try dump(url)]
        }
        let size = written.reduce(0) { $0 + $1.count }
        #expect(size > 60_000_000)
        let search = ByteSearch(secrets)
        #expect(search.count(in: try #require(files.last).content()) > 10, "the search itself works")
        let found = written.reduce(0) { $0 + search.count(in: $1) }
        #expect(found == 0, "\(found) pieces of patient data in \(size) bytes")
        print("Searched \(size) bytes for \(secrets.count) texts")
    }

    private func filesBelow(_ folder: String) throws -> [[UInt8]] {
        let names = try #require(FileManager.default.enumerator(atPath: folder)?.allObjects as? [String])
        return try names.compactMap { name in
            var isFolder: ObjCBool = false
            let path = "\(folder)/\(name)"
            guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue
            else {
                return nil
            }
            return [UInt8](try Data(contentsOf: URL(filePath: path)))
        }
    }

    /// What `pg_dump` writes: everything that is in the database; its hexadecimal bytes are turned back.
    private func dump(_ url: String) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/pg_dump")
        process.arguments = ["--no-owner", url]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = [UInt8](output.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return text + Secrets.decodeByteaLiterals(text)
    }
}
