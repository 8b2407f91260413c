// SPDX-License-Identifier: Apache-2.0

import GRDB
import Glibc
import Kernel

/// How much a SQLite store may use.
struct SQLiteLimits: Sendable {
    /// How many readers run at a time.
    let readers: Int
    /// How long to wait for another process that is writing.
    let busyTimeout: Duration
    /// Bytes that the file may grow to.
    let largestSize: Int64?
}

/// Opens the file in `folder` so that an answered write is on the disk.
func openPool(_ folder: DataFolder, _ limits: SQLiteLimits) throws(Fault) -> DatabasePool {
    try folder.prepare()
    let deadline = ContinuousClock.now.advanced(by: limits.busyTimeout)
    while true {
        do {
            let pool = try DatabasePool(path: folder.file, configuration: configuration(limits))
            try pool.writeWithoutTransaction { database in try settle(database, limits) }
            return pool
        } catch {
            let fault = folder.fault(error)
            // Switching to WAL needs the file alone and does not wait for it by itself.
            guard isBusy(error), ContinuousClock.now < deadline else { throw fault }
            usleep(20_000)
        }
    }
}

private func isBusy(_ error: any Error) -> Bool {
    guard let error = error as? DatabaseError else { return false }
    return error.resultCode == .SQLITE_BUSY || error.resultCode == .SQLITE_LOCKED
}

private func configuration(_ limits: SQLiteLimits) -> Configuration {
    var configuration = Configuration()
    configuration.label = "salus.store"
    configuration.maximumReaderCount = limits.readers
    configuration.busyMode = .timeout(Double(limits.busyTimeout.wholeMicroseconds) / 1e6)
    configuration.foreignKeysEnabled = true
    // GRDB would stop the process when a transaction is left open; GroupCommit closes it before the next one.
    configuration.allowsUnsafeTransactions = true
    configuration.persistentReadOnlyConnections = true
    configuration.prepareDatabase { database in
        // The file may come from elsewhere: check its pages, and run nothing that its schema asks for.
        try database.execute(sql: "PRAGMA trusted_schema = OFF")
        try database.execute(sql: "PRAGMA cell_size_check = ON")
        try database.execute(sql: "PRAGMA secure_delete = ON")
        try database.execute(sql: "PRAGMA journal_size_limit = 67108864")
    }
    return configuration
}

/// DatabasePool sets `synchronous` to NORMAL while it opens, which loses answered writes in a power cut.
private func settle(_ database: GRDB.Database, _ limits: SQLiteLimits) throws {
    try database.execute(sql: "PRAGMA synchronous = FULL")
    guard try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2 else {
        throw Fault(.internal, "SQLite does not keep `synchronous` at FULL")
    }
    // The pages that many acts touch stay in memory (KiB), and are copied from the log to the file less often.
    try database.execute(sql: "PRAGMA cache_size = -32768")
    try database.execute(sql: "PRAGMA wal_autocheckpoint = 8000")
    if let size = limits.largestSize {
        let page = try Int64.fetchOne(database, sql: "PRAGMA page_size") ?? 4_096
        try database.execute(sql: "PRAGMA max_page_count = \(max(1, size / max(1, page)))")
    }
}
