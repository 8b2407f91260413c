// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Glibc
import Kernel
import TestSupport
import Testing

@testable import Store

private let blobs = Migration(
    name: "test/0001_blobs",
    statements: [
        "CREATE TABLE blobs (id BIGINT PRIMARY KEY, body BYTES NOT NULL)", "CREATE TABLE small (id BIGINT PRIMARY KEY)",
    ])

@Suite struct SQLiteTests {
    @Test func anAnsweredWriteIsOnTheDisk() async throws {
        try await StoreFixture.with(.sqlite, migrations: [blobs]) { fixture in
            let settings = try await fixture.database.durabilitySettings()
            #expect(settings["synchronous"] == "2")
            #expect(settings["journal_mode"] == "wal")
            #expect(settings["foreign_keys"] == "1")
            #expect(settings["cell_size_check"] == "1")
            #expect(settings["secure_delete"] == "1")
        }
    }

    @Test func filesAreForTheirOwnerAlone() async throws {
        try await StoreFixture.with(.sqlite, migrations: [blobs]) { fixture in
            let folder = fixture.folder + "/store"
            #expect(try mode(folder) == 0o700)
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
                #expect(try mode(folder + "/" + name) == 0o600)
            }
        }
    }

    @Test func damageStopsWritingAndNotReading() async throws {
        try await StoreFixture.with(.sqlite, migrations: [blobs]) { fixture in
            try await fixture.database.write { tx in
                try tx.execute("INSERT INTO small VALUES (1)")
                let body = StoreValue.bytes(Array(repeating: 9, count: 3_000))
                for id in 1...100 as ClosedRange<Int64> {
                    try tx.execute("INSERT INTO blobs VALUES (?, ?)", [.integer(id), body])
                }
            }
            await fixture.database.close()
            guard case .sqlite(let path) = fixture.location else { return }
            try overwritePages(of: path, from: 16)
            let damaged = try await Database.open(fixture.location, clock: fixture.clock)
            let found = await #expect(throws: Fault.self) {
                try await damaged.read { tx in try tx.rows("SELECT id, body FROM blobs").count }
            }
            #expect(found?.code == .damaged)
            #expect(found?.message.contains("malformed") == true)
            let refused = await #expect(throws: Fault.self) {
                try await damaged.write { tx in try tx.execute("INSERT INTO small VALUES (2)") }
            }
            #expect(refused?.code == .damaged)
            #expect(try await damaged.read { tx in try tx.rows("SELECT id FROM small") } == [Row([1])])
            await damaged.close()
        }
    }

    @Test func somethingElseThanADatabaseIsDamage() async throws {
        try await TemporaryFolder.with { folder in
            let path = folder + "/salus.sqlite"
            try Data(repeating: 0x41, count: 8_192).write(to: URL(fileURLWithPath: path))
            #expect(await openingFault(path)?.code == .damaged)
        }
    }

    @Test func aFullDiskFailsOnlyWhatDoesNotFit() async throws {
        try await TemporaryFolder.with { folder in
            let database = try await Database.open(
                .sqlite(path: folder + "/salus.sqlite"), clock: ManualClock(), largestSize: 400_000)
            try await database.migrate([blobs])
            let codes = await withTaskGroup(of: Fault.Code?.self) { group in
                for id in 1...20 as ClosedRange<Int64> {
                    let size = id == 7 ? 1_000_000 : 10
                    group.addTask {
                        do {
                            try await database.write { tx in
                                let body = [UInt8](repeating: 1, count: size)
                                try tx.execute("INSERT INTO blobs VALUES (?, ?)", [.integer(id), .bytes(body)])
                            }
                            return nil
                        } catch {
                            return (error as? Fault)?.code
                        }
                    }
                }
                return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
            }
            #expect(codes == [nil: 19, .storageFull: 1])
            let count = try await database.read { tx in try tx.row("SELECT count(*) FROM blobs") }
            #expect(count == Row([19]))
            await database.close()
        }
    }

    @Test func aFolderThatCannotBeWrittenIsNamed() async throws {
        // Root may write everywhere but in the kernel's own file systems.
        let fault = await openingFault("/sys/salus-test/salus.sqlite")
        #expect(fault?.code == .unavailable)
        #expect(fault?.message.contains("/sys/salus-test") == true)
        if geteuid() == 0 { return }
        try await TemporaryFolder.with { folder in
            #expect(unsafe chmod(folder, 0o500) == 0)
            #expect(await openingFault(folder + "/salus.sqlite")?.code == .unavailable)
        }
    }

    @Test(arguments: ["", ":memory:", "file:x", "/tmp/", "a\u{0}b"])
    func aPathMustNameAFile(_ path: String) async {
        #expect(await openingFault(path)?.code == .invalidInput)
    }

    @Test func networkFileSystemsAreRecognised() throws {
        let table = """
            25 30 0:23 / /sys rw,nosuid shared:7 - sysfs sysfs rw
            30 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/vda rw
            41 30 0:36 / /mnt/a\\040b rw - nfs4 server:/export rw,vers=4.2

            """
        #expect(fileSystemType(of: "254:0", in: Array(table.utf8)) == "ext4")
        #expect(fileSystemType(of: "0:36", in: Array(table.utf8)) == "nfs4")
        #expect(fileSystemType(of: "0:3", in: Array(table.utf8)) == nil)
        #expect(fileSystemType(of: "0:3", in: Array("1 2 0:3 -".utf8)) == nil)
        for type in ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "fuse", "9p"] { #expect(isNetworkFileSystem(type)) }
        for type in ["ext4", "xfs", "btrfs", "tmpfs", "zfs", "fuseblk"] { #expect(!isNetworkFileSystem(type)) }
        #expect(deviceNumber(0xFE00) == "254:0")
        #expect(deviceNumber(0x0010_0024) == "0:292")
        #expect(deviceNumber(0x0000_1000_0000_0001) == "4096:1")
        #expect(try !mountTable().isEmpty)
    }

    @Test func anotherWriterIsWaitedForAndThenNamed() async throws {
        try await StoreFixture.with(.sqlite, migrations: [blobs]) { fixture in
            let hasty = try await Database.open(
                fixture.location, clock: fixture.clock, busyTimeout: .milliseconds(50))
            let (isInside, inside) = AsyncStream<Void>.makeStream()
            let mayEnd = DispatchSemaphore(value: 0)
            let slow = Task {
                try await fixture.database.write { tx in
                    try tx.execute("INSERT INTO small VALUES (1)")
                    inside.finish()
                    mayEnd.wait()
                }
            }
            for await _ in isInside {}
            let fault = await #expect(throws: Fault.self) {
                try await hasty.write { tx in try tx.execute("INSERT INTO small VALUES (2)") }
            }
            #expect(fault?.code == .unavailable)
            mayEnd.signal()
            try await slow.value
            try await hasty.write { tx in try tx.execute("INSERT INTO small VALUES (3)") }
            await hasty.close()
        }
    }

    private func openingFault(_ path: String) async -> Fault? {
        do {
            await (try Database.open(.sqlite(path: path), clock: ManualClock())).close()
            return nil
        } catch {
            return error as? Fault
        }
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    /// Overwrites all pages of `path` after the first `count` with nonsense.
    private func overwritePages(of path: String, from count: Int) throws {
        var data = try Data(contentsOf: URL(fileURLWithPath: path))
        try #require(data.count > count * 4_096)
        for index in (count * 4_096)..<data.count { data[index] = 0xAA }
        try data.write(to: URL(fileURLWithPath: path))
    }
}
