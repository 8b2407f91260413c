// SPDX-License-Identifier: Apache-2.0

import GRDB
import GRDBSQLite
import Kernel

/// A prepared statement with its values, for one run.
///
/// INVARIANT: `handle` belongs to `statement`, which is kept as long as this is, and is used on the connection's own
/// thread only.
@safe struct BoundStatement {
    private let statement: Statement
    private let handle: OpaquePointer

    /// Gives `values` to the placeholders of `statement`.
    init(_ statement: Statement, _ values: [StoreValue]) throws {
        self.statement = statement
        unsafe handle = statement.sqliteStatement
        // What an earlier run left behind; its failure was told then.
        unsafe sqlite3_reset(handle)
        guard unsafe sqlite3_bind_parameter_count(handle) == Int32(clamping: values.count) else {
            throw Fault(.internal, "a statement for the store has other placeholders than values")
        }
        for (index, value) in values.enumerated() { try bind(value, at: Int32(index + 1)) }
    }

    /// Goes on to the next row; false at the end.
    ///
    /// - Throws: `DatabaseError`.
    func step() throws -> Bool {
        switch unsafe sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw failure
        }
    }

    /// Runs to the end.
    ///
    /// - Returns: how many rows were inserted, changed or deleted.
    func run() throws -> Int {
        let connection = unsafe sqlite3_db_handle(handle)
        let before = unsafe sqlite3_total_changes64(connection)
        while try step() {}
        // SQLite keeps the count of the statement before when this one changed nothing.
        return unsafe sqlite3_total_changes64(connection) == before ? 0 : Int(sqlite3_changes64(connection))
    }

    /// Ends the run, so that nothing stays locked, and forgets the values.
    func reset() {
        unsafe sqlite3_reset(handle)
        unsafe sqlite3_clear_bindings(handle)
    }

    /// The row that `step` came to.
    func row() throws(Fault) -> Row {
        var values: [StoreValue] = []
        let count = unsafe sqlite3_column_count(handle)
        values.reserveCapacity(Int(count))
        for column in 0..<count { values.append(try value(column)) }
        return Row(values)
    }

    private func bind(_ value: StoreValue, at index: Int32) throws {
        let code =
            switch value {
            case .null: unsafe sqlite3_bind_null(handle, index)
            case .integer(let integer): unsafe sqlite3_bind_int64(handle, index, integer)
            case .text(let text): bind(text, at: index)
            case .bytes(let bytes): bind(bytes, at: index)
            }
        guard code == SQLITE_OK else { throw failure }
    }

    private func bind(_ text: String, at index: Int32) -> Int32 {
        var text = text
        return text.withUTF8 { buffer in
            // The memory of an empty text has no address, which would stand for NULL.
            guard let address = buffer.baseAddress else {
                return unsafe sqlite3_bind_text(handle, index, "", 0, Self.copied)
            }
            return unsafe address.withMemoryRebound(to: CChar.self, capacity: buffer.count) {
                unsafe sqlite3_bind_text(handle, index, $0, Int32(buffer.count), Self.copied)
            }
        }
    }

    private func bind(_ bytes: [UInt8], at index: Int32) -> Int32 {
        guard !bytes.isEmpty else { return unsafe sqlite3_bind_zeroblob(handle, index, 0) }
        return unsafe bytes.withUnsafeBytes {
            unsafe sqlite3_bind_blob(handle, index, $0.baseAddress, Int32($0.count), Self.copied)
        }
    }

    private func value(_ column: Int32) throws(Fault) -> StoreValue {
        switch unsafe sqlite3_column_type(handle, column) {
        case SQLITE_NULL: return .null
        case SQLITE_INTEGER: return .integer(unsafe sqlite3_column_int64(handle, column))
        case SQLITE_TEXT:
            // The text first, then its length: SQLite may convert it in between.
            let text = unsafe sqlite3_column_text(handle, column)
            let count = unsafe Int(sqlite3_column_bytes(handle, column))
            return .text(unsafe String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self))
        case SQLITE_BLOB:
            let bytes = unsafe sqlite3_column_blob(handle, column)
            let count = unsafe Int(sqlite3_column_bytes(handle, column))
            return .bytes(unsafe Array(UnsafeRawBufferPointer(start: bytes, count: count)))
        default: throw Fault(.internal, "a statement for the store answers a fraction; compute in integers")
        }
    }

    private var failure: DatabaseError {
        let connection = unsafe sqlite3_db_handle(handle)
        let code = unsafe sqlite3_extended_errcode(connection)
        let message = unsafe String(cString: sqlite3_errmsg(connection))
        return DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
    }

    /// SQLITE_TRANSIENT: SQLite copies the value before the call returns.
    private static var copied: sqlite3_destructor_type { unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
}
