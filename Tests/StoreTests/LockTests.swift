// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store
import TestSupport
import Testing

@Suite struct LockTests {
    @Test(arguments: StoreFixture.dialects)
    func oneHolderAtATime(_ dialect: StoreDialect) async throws {
        try await StoreFixture.with(dialect) { fixture in
            let other = try await Database.open(fixture.location, clock: fixture.clock)
            let held = try #require(try await fixture.database.tryLock(name: "sequencer"))
            #expect(await held.isHeld())
            #expect(try await other.tryLock(name: "sequencer") == nil)
            #expect(try await fixture.database.tryLock(name: "sequencer") == nil)
            let different = try #require(try await other.tryLock(name: "reports"))
            await held.release()
            await held.release()
            #expect(await !held.isHeld())
            let again = try #require(try await eventually { try await other.tryLock(name: "sequencer") })
            #expect(await again.isHeld())
            await again.release()
            await different.release()
            await other.close()
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aForgottenLockIsFree(_ dialect: StoreDialect) async throws {
        try await StoreFixture.with(dialect) { fixture in
            let database = fixture.database
            _ = try #require(try await database.tryLock(name: "forgotten"))
            let again = try await eventually { try await database.tryLock(name: "forgotten") }
            #expect(again != nil)
        }
    }

    @Test(arguments: ["", "../x", "A", "a b", String(repeating: "a", count: 65)])
    func namesAreChecked(_ name: String) async throws {
        try await StoreFixture.with(.sqlite) { fixture in
            let fault = await #expect(throws: Fault.self) { try await fixture.database.tryLock(name: name) }
            #expect(fault?.code == .internal)
        }
    }

    @Test func postgresTellsWhenTheLockIsLost() async throws {
        guard let server = try PostgresServer.shared() else { return }
        let name = try server.makeDatabase()
        let database = try await Database.open(.postgres(url: server.socketURL(name)), clock: ManualClock())
        let held = try #require(try await database.tryLock(name: "sequencer"))
        try server.run(
            """
            SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """, on: name)
        #expect(await !held.isHeld())
        #expect(try await eventually { try await database.tryLock(name: "sequencer") } != nil)
        await database.close()
    }

    /// What `body` answers within two seconds: the server notices a closed connection a moment later.
    private func eventually(_ body: () async throws -> StoreLock?) async throws -> StoreLock? {
        for _ in 0..<40 {
            if let lock = try await body() { return lock }
            try await Task.sleep(for: .milliseconds(50))
        }
        return nil
    }
}
