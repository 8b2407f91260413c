// SPDX-License-Identifier: Apache-2.0

package import Store

/// An empty store of either kind for the length of one test.
package struct StoreFixture: Sendable {
    /// Both kinds, for `@Test(arguments: StoreFixture.dialects)`.
    package static let dialects = StoreDialect.allCases

    /// The store, opened.
    package let database: Database
    /// Where it is, to open it a second time.
    package let location: StoreLocation
    /// A folder of the test's own; a SQLite store lies in `store` there.
    package let folder: String
    /// The clock that the store was opened with.
    package let clock: ManualClock

    /// Calls `body` with a store of this kind to which `migrations` were applied.
    ///
    /// Does nothing, after one loud line, where PostgreSQL is not installed; with `CI=true` it throws.
    package static func with(
        _ dialect: StoreDialect, migrations: [Migration] = [], isolation: isolated (any Actor)? = #isolation,
        _ body: (StoreFixture) async throws -> Void
    ) async throws {
        try await TemporaryFolder.with { folder in
            guard let location = try location(dialect, folder) else { return }
            let clock = ManualClock()
            let database = try await Database.open(location, clock: clock)
            do {
                try await database.migrate(migrations)
                try await body(StoreFixture(database: database, location: location, folder: folder, clock: clock))
            } catch {
                await database.close()
                throw error
            }
            await database.close()
        }
    }

    private static func location(_ dialect: StoreDialect, _ folder: String) throws -> StoreLocation? {
        switch dialect {
        case .sqlite: return .sqlite(path: folder + "/store/salus.sqlite")
        case .postgres:
            guard let server = try PostgresServer.shared() else { return nil }
            return .postgres(url: server.url(try server.makeDatabase()))
        }
    }
}
