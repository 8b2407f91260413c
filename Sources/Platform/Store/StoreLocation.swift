// SPDX-License-Identifier: Apache-2.0

/// Where a store is.
package enum StoreLocation: Sendable {
    /// One SQLite file on a local disk.
    case sqlite(path: String)
    /// A database of a PostgreSQL server, as `postgresql://role:password@host:5432/name?sslmode=verify-full`.
    case postgres(url: String)
}

/// Which SQL engine a store runs on.
package enum StoreDialect: String, Sendable, CaseIterable {
    case sqlite
    case postgres
}
