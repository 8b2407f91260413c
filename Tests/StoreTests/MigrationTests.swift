// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kernel
import Store
import TestSupport
import Testing

private let first = Migration(
    name: "test/0001_a", statements: ["CREATE TABLE a (id BIGINT PRIMARY KEY)", "INSERT INTO a VALUES (1)"])
private let second = Migration(name: "test/0002_b", statements: ["ALTER TABLE a ADD COLUMN name TEXT"])
private let broken = Migration(
    name: "test/0003_c", statements: ["CREATE TABLE c (id BIGINT PRIMARY KEY)", "INSERT INTO nowhere VALUES (1)"])

@Suite struct MigrationTests {
    @Test(arguments: StoreFixture.dialects)
    func eachIsAppliedOnceAndNoted(_ dialect: StoreDialect) async throws {
        try await StoreFixture.with(dialect) { fixture in
            for _ in 0..<3 { try await fixture.database.migrate([first]) }
            try await fixture.database.migrate([first, second])
            let (rows, noted) = try await fixture.database.read { tx in
                (
                    try tx.rows("SELECT id, name FROM a"),
                    try tx.rows("SELECT name, at FROM store_migrations ORDER BY name")
                )
            }
            let at = StoreValue.integer(fixture.clock.now().microseconds)
            #expect(rows == [Row([1, nil])])
            #expect(noted == [Row(["test/0001_a", at]), Row(["test/0002_b", at])])
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aFailingOneLeavesNothing(_ dialect: StoreDialect) async throws {
        try await StoreFixture.with(dialect, migrations: [first]) { fixture in
            await #expect(throws: Fault.self) { try await fixture.database.migrate([first, second, broken]) }
            let noted = try await fixture.database.read { tx in
                try tx.rows("SELECT name FROM store_migrations ORDER BY name")
            }
            #expect(noted == [Row(["test/0001_a"]), Row(["test/0002_b"])])
            await #expect(throws: Fault.self) {
                try await fixture.database.read { tx in try tx.rows("SELECT id FROM c").count }
            }
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aNewerStoreIsRefused(_ dialect: StoreDialect) async throws {
        try await StoreFixture.with(dialect, migrations: [first, second]) { fixture in
            let unknown = await #expect(throws: Fault.self) { try await fixture.database.migrate([first]) }
            #expect(unknown?.code == .newerFormat)
            try await fixture.database.write { tx in try tx.execute("UPDATE store_format SET version = 2") }
            let format = await #expect(throws: Fault.self) { try await fixture.database.migrate([first, second]) }
            #expect(format?.code == .newerFormat)
            #expect(format?.exitStatus == 5)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func severalProcessesMayMigrateAtOnce(_ dialect: StoreDialect) async throws {
        try await StoreFixture.with(dialect) { fixture in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        let other = try await Database.open(fixture.location, clock: fixture.clock)
                        try await other.migrate([first, second])
                        await other.close()
                    }
                }
                try await group.waitForAll()
            }
            let rows = try await fixture.database.read { tx in try tx.rows("SELECT id FROM a") }
            #expect(rows == [Row([1])])
        }
    }

    @Test func namesAreUniqueAndPlain() async throws {
        try await StoreFixture.with(.sqlite) { fixture in
            for migrations in [[first, first], [Migration(name: "../up", statements: [])]] {
                let fault = await #expect(throws: Fault.self) { try await fixture.database.migrate(migrations) }
                #expect(fault?.code == .internal)
            }
        }
    }

    @Test func sqliteIsCopiedBeforeItChanges() async throws {
        try await StoreFixture.with(.sqlite, migrations: [first]) { fixture in
            let copy = fixture.folder + "/store/salus.sqlite.before-test-0002_b"
            #expect(!FileManager.default.fileExists(atPath: copy))
            try Data("older".utf8).write(to: URL(fileURLWithPath: copy))
            try await fixture.database.migrate([first, second])
            let mode = try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            #expect(!FileManager.default.fileExists(atPath: copy + ".part"))
            let old = try await Database.open(.sqlite(path: copy), clock: fixture.clock)
            let noted = try await old.read { tx in try tx.rows("SELECT name FROM store_migrations") }
            #expect(noted == [Row(["test/0001_a"])])
            await old.close()
        }
    }
}
