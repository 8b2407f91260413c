// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import GRDB
import Kernel

/// One SQLite connection inside a transaction.
final class SQLiteSession: SQLSession {
    private let database: GRDB.Database
    private let folder: DataFolder

    init(_ database: GRDB.Database, _ folder: DataFolder) {
        self.database = database
        self.folder = folder
    }

    func execute(_ statement: SQLStatement, _ values: [StoreValue]) throws(Fault) -> Int {
        do {
            let before = database.totalChangesCount
            try database.cachedStatement(sql: statement.text).execute(arguments: arguments(values))
            // SQLite keeps the count of the statement before when this one changed nothing.
            return database.totalChangesCount == before ? 0 : database.changesCount
        } catch {
            throw folder.fault(error)
        }
    }

    func rows(_ statement: SQLStatement, _ values: [StoreValue]) throws(Fault) -> [Row] {
        do {
            let prepared = try database.cachedStatement(sql: statement.text)
            let cursor = try GRDB.Row.fetchCursor(prepared, arguments: arguments(values))
            var rows: [Row] = []
            while let row = try cursor.next() { rows.append(try Row(row)) }
            return rows
        } catch {
            throw folder.fault(error)
        }
    }

    func stream(_ statement: SQLStatement, _ values: [StoreValue], _ body: (Row) -> Bool) throws(Fault) {
        do {
            // Not the cached statement: `body` may run the same text and would rewind this one.
            let prepared = try database.makeStatement(sql: statement.text)
            let cursor = try GRDB.Row.fetchCursor(prepared, arguments: arguments(values))
            while let row = try cursor.next() {
                if try !body(Row(row)) { return }
            }
        } catch {
            throw folder.fault(error)
        }
    }

    private func arguments(_ values: [StoreValue]) -> StatementArguments {
        StatementArguments(values.map(\.databaseValue))
    }
}

extension StoreValue {
    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let integer): integer.databaseValue
        case .text(let text): text.databaseValue
        case .bytes(let bytes): Data(bytes).databaseValue
        }
    }

    fileprivate init(_ value: DatabaseValue) throws(Fault) {
        switch value.storage {
        case .null: self = .null
        case .int64(let integer): self = .integer(integer)
        case .string(let text): self = .text(text)
        case .blob(let data): self = .bytes(Array(data))
        case .double: throw Fault(.internal, "a statement for the store answers a fraction; compute in integers")
        }
    }
}

extension Row {
    fileprivate init(_ row: GRDB.Row) throws(Fault) {
        var values: [StoreValue] = []
        values.reserveCapacity(row.count)
        for index in 0..<row.count {
            let value: DatabaseValue = row[index]
            values.append(try StoreValue(value))
        }
        self.init(values)
    }
}
