// SPDX-License-Identifier: Apache-2.0

import GRDB
import GRDBSQLite
import Kernel

/// One SQLite connection inside a transaction.
///
/// GRDB keeps the connection and its prepared statements; values go in and out through SQLite's own functions, which
/// take a fraction of the time that GRDB's conversions do.
final class SQLiteSession: SQLSession {
    private let database: GRDB.Database
    private let folder: DataFolder

    init(_ database: GRDB.Database, _ folder: DataFolder) {
        self.database = database
        self.folder = folder
    }

    func execute(_ statement: SQLStatement, _ values: [StoreValue]) throws(Fault) -> Int {
        do {
            // GRDB forgets what it knows of the tables when it sees them changed.
            if statement.kind == .definition {
                try database.execute(sql: statement.text)
                return 0
            }
            let prepared = try BoundStatement(try database.cachedStatement(sql: statement.text), values)
            defer { prepared.reset() }
            return try prepared.run()
        } catch {
            throw folder.fault(error)
        }
    }

    func rows(_ statement: SQLStatement, _ values: [StoreValue]) throws(Fault) -> [Row] {
        do {
            let prepared = try BoundStatement(try database.cachedStatement(sql: statement.text), values)
            defer { prepared.reset() }
            var rows: [Row] = []
            while try prepared.step() { rows.append(try prepared.row()) }
            return rows
        } catch {
            throw folder.fault(error)
        }
    }

    func stream(_ statement: SQLStatement, _ values: [StoreValue], _ body: (Row) -> Bool) throws(Fault) {
        do {
            // Not the cached statement: `body` may run the same text and would rewind this one.
            let prepared = try BoundStatement(try database.makeStatement(sql: statement.text), values)
            defer { prepared.reset() }
            while try prepared.step() {
                if try !body(prepared.row()) { return }
            }
        } catch {
            throw folder.fault(error)
        }
    }
}
