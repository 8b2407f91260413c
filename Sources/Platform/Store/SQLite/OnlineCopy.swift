// SPDX-License-Identifier: Apache-2.0

import GRDBSQLite
import Glibc
package import Kernel

/// A whole copy of a SQLite database that others may be writing (SQLite, "Online Backup API"). Blocks.
package enum OnlineCopy {
    /// Pages that are copied at a time; between two steps it looks whether its task is cancelled.
    private static let step: Int32 = 2_048
    /// How often a copy may begin anew because others wrote, before they have to wait for it.
    private static let patience = 3

    /// Copies the database at `path` to `target`, which must not exist, and checks the copy.
    ///
    /// Nobody who writes has to wait: in WAL mode the copy is of the moment at which it begins. In the older modes of
    /// SQLite it is made in steps between which others may write, from the beginning when they did; after a few times they
    /// have to wait.
    ///
    /// - Throws: `Fault` when the database cannot be read, or `integrity_check` finds something.
    package static func make(of path: String, at target: String) throws(Fault) {
        let file = unsafe open(target, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Fault(.unavailable, "The copy of the database cannot be made.") }
        close(file)
        let source = try SQLiteHandle(path, SQLITE_OPEN_READONLY)
        let copy = try SQLiteHandle(target, SQLITE_OPEN_READWRITE)
        try copy.execute("PRAGMA synchronous = OFF")
        let mode = try source.text("PRAGMA journal_mode")
        if mode == "wal" {
            try copyHolding(source, copy)
        } else if try !copyInSteps(source, copy) {
            try copyHolding(source, copy)
        }
        let found = try copy.text("PRAGMA integrity_check(1)")
        guard found == "ok" else {
            throw Fault(
                .unavailable,
                "The SQLite database is damaged (PRAGMA integrity_check names the place): no snapshot was made of it.")
        }
    }

    /// A copy of one moment: what is committed meanwhile is not in it.
    private static func copyHolding(_ source: borrowing SQLiteHandle, _ copy: borrowing SQLiteHandle) throws(Fault) {
        try source.execute("BEGIN")
        // The moment is that of the first reading.
        _ = try source.text("SELECT count(*) FROM sqlite_schema")
        let steps = try SQLiteSteps(from: source, to: copy)
        while try steps.go(Self.step) == .more { try lookForCancellation() }
        try steps.finish()
        try source.execute("COMMIT")
    }

    /// A copy in steps; false when others wrote too often.
    private static func copyInSteps(
        _ source: borrowing SQLiteHandle, _ copy: borrowing SQLiteHandle
    ) throws(Fault) -> Bool {
        let steps = try SQLiteSteps(from: source, to: copy)
        var (beginnings, left) = (0, Int32.max)
        while try steps.go(Self.step) == .more {
            try lookForCancellation()
            if steps.left > left { beginnings += 1 }
            left = steps.left
            if beginnings > Self.patience { return false }
        }
        try steps.finish()
        return true
    }

    private static func lookForCancellation() throws(Fault) {
        if Task.isCancelled { throw Fault(.unavailable, "The backup was ended.", cause: CancellationError()) }
    }
}

/// An open database, closed with this value.
///
/// It is safe to use because the handle is private, and what uses it is kept no longer than it.
@safe struct SQLiteHandle: ~Copyable {
    fileprivate let handle: OpaquePointer

    /// How often it tries again while others write, every two milliseconds: a busy writer leaves short gaps.
    private static let attempts: Int32 = 15_000

    init(_ path: String, _ flags: Int32) throws(Fault) {
        var opened: OpaquePointer?
        let code = unsafe sqlite3_open_v2(path, &opened, flags | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let opened = unsafe opened else {
            unsafe sqlite3_close_v2(opened)
            throw Fault(.unavailable, "The SQLite database cannot be opened (\(code)); check its name and its owner.")
        }
        unsafe handle = opened
        unsafe sqlite3_busy_handler(
            opened,
            { _, count in
                usleep(2_000)
                return count < Self.attempts ? 1 : 0
            }, nil)
    }

    deinit {
        unsafe sqlite3_close_v2(handle)
    }

    func execute(_ sql: String) throws(Fault) {
        guard unsafe sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure }
    }

    /// The first column of the first row, as text.
    func text(_ sql: String) throws(Fault) -> String {
        var statement: OpaquePointer?
        guard unsafe sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else { throw failure }
        defer { unsafe sqlite3_finalize(statement) }
        guard unsafe sqlite3_step(statement) == SQLITE_ROW else { throw failure }
        return unsafe sqlite3_column_text(statement, 0).map { unsafe String(cString: $0) } ?? ""
    }

    /// What the last call failed with.
    fileprivate var failure: Fault {
        switch unsafe sqlite3_errcode(handle) {
        case SQLITE_BUSY, SQLITE_LOCKED:
            Fault(.unavailable, "Another program keeps the SQLite database locked; try again.")
        case SQLITE_NOTADB: Fault(.unavailable, "The file is no SQLite database, or it is encrypted.")
        case SQLITE_CORRUPT: Fault(.unavailable, "The SQLite database is damaged: no snapshot was made of it.")
        case SQLITE_READONLY:
            Fault(
                .unavailable,
                "The SQLite database was left in the middle of a change; let its own program open it once, then try again."
            )
        case SQLITE_FULL: Fault(.unavailable, "There is no room for the copy of the SQLite database.")
        case let code: Fault(.unavailable, "SQLite could not copy the database (\(code)).")
        }
    }
}

/// The steps of a copy from one database to another, given up with this value.
@safe private struct SQLiteSteps: ~Copyable {
    private let backup: OpaquePointer
    private let copy: OpaquePointer

    enum State {
        case more, done
    }

    init(from source: borrowing SQLiteHandle, to copy: borrowing SQLiteHandle) throws(Fault) {
        guard let backup = unsafe sqlite3_backup_init(copy.handle, "main", source.handle, "main") else {
            throw copy.failure
        }
        unsafe (self.backup, self.copy) = unsafe (backup, copy.handle)
    }

    deinit {
        unsafe sqlite3_backup_finish(backup)
    }

    /// How many pages are to be copied still.
    var left: Int32 { unsafe sqlite3_backup_remaining(backup) }

    /// Copies some pages. Waits for others for half a minute at most.
    func go(_ pages: Int32) throws(Fault) -> State {
        switch unsafe sqlite3_backup_step(backup, pages) {
        case SQLITE_OK: return .more
        case SQLITE_DONE: return .done
        case SQLITE_BUSY, SQLITE_LOCKED:
            throw Fault(.unavailable, "Another program keeps the SQLite database locked; try again.")
        case SQLITE_CORRUPT:
            throw Fault(.unavailable, "The SQLite database is damaged: no snapshot was made of it.")
        case SQLITE_NOTADB: throw Fault(.unavailable, "The file is no SQLite database, or it is encrypted.")
        case SQLITE_FULL, SQLITE_IOERR:
            throw Fault(.unavailable, "The SQLite database cannot be read, or there is no room for its copy.")
        case let code: throw Fault(.unavailable, "SQLite could not copy the database (\(code)).")
        }
    }

    /// Gives up what is left; the copy is as it is.
    consuming func finish() throws(Fault) {}
}
