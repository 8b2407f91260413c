// SPDX-License-Identifier: Apache-2.0

import CPostgres
import Kernel

/// One connection to a PostgreSQL server. Blocks, and is used by one thread at a time.
///
/// It is safe to use because the handle is private, is finished only in `deinit`, and never leaves this type.
@safe final class PostgresConnection: SQLSession {
    private let handle: OpaquePointer
    private var prepared: [PreparedKey: String] = [:]
    private var cursors = 0
    /// Why the last transaction failed, when the server or the connection did it.
    private(set) var trouble: PostgresTrouble?

    private struct PreparedKey: Hashable {
        let text: String
        let types: [UInt32]
    }

    /// How many statements stay prepared; the server keeps a plan for each.
    private static let capacity = 500

    /// Connects, and makes the session what the store expects.
    init(url: String) throws(Fault) {
        unsafe handle = try connectToPostgres(url)
        try checkServer()
        try command(
            """
            SET statement_timeout = '30s'; SET idle_in_transaction_session_timeout = '60s'; \
            SET synchronous_commit = on; SET standard_conforming_strings = on; SET client_min_messages = error
            """)
    }

    deinit {
        unsafe PQfinish(handle)
    }

    private func checkServer() throws(Fault) {
        let version = unsafe PQserverVersion(handle)
        guard version >= 150_000 else {
            throw Fault(.unavailable, "the database server is version \(version / 10_000); 15 or newer is needed")
        }
        let encoding = unsafe PQparameterStatus(handle, "server_encoding").map { unsafe String(cString: $0) }
        guard encoding == "UTF8" else {
            throw Fault(.unavailable, "the database does not store UTF-8; create it with ENCODING 'UTF8'")
        }
    }

    /// Whether libpq believes that the connection is there.
    var isAlive: Bool {
        unsafe PQstatus(handle) == CONNECTION_OK
    }

    /// Forgets the trouble of the transaction before.
    func forgetTrouble() {
        if case .stale = trouble {
            prepared.removeAll()
            // Fails only when the connection does, which the next statement reports.
            try? command("DEALLOCATE ALL")
        }
        trouble = nil
    }

    /// Runs `sql`, which is our own and has no values.
    func command(_ sql: String) throws(Fault) {
        _ = try unsafe finished(PQexec(handle, sql))
    }

    /// Whether `expression`, which is our own, is true on the server.
    func isTrue(_ expression: String) throws(Fault) -> Bool {
        try direct("SELECT \(expression)", []).rows().first?.integer(0) == 1
    }

    /// The server's setting called `name`.
    func setting(_ name: String) throws(Fault) -> String {
        try direct("SHOW \(name)", []).rows().first?.text(0) ?? ""
    }

    /// Takes back what a command of ours after a failure has made of `trouble`.
    func restore(_ trouble: PostgresTrouble?) {
        self.trouble = trouble
    }

    func execute(_ statement: SQLStatement, _ values: [StoreValue]) throws(Fault) -> Int {
        try run(statement, values).changes
    }

    func rows(_ statement: SQLStatement, _ values: [StoreValue]) throws(Fault) -> [Row] {
        try run(statement, values).rows()
    }

    /// Streams a query through a cursor, in portions of about a mebibyte; other statements are answered at once.
    func stream(_ statement: SQLStatement, _ values: [StoreValue], _ body: (Row) -> Bool) throws(Fault) {
        guard statement.kind == .query else {
            for row in try rows(statement, values) where !body(row) { return }
            return
        }
        cursors += 1
        let cursor = "salus_\(cursors)"
        _ = try direct("DECLARE \(cursor) NO SCROLL CURSOR FOR \(statement.text)", values)
        var portion = 16
        while true {
            let result = try direct("FETCH FORWARD \(portion) FROM \(cursor)", [])
            for row in try result.rows() where !body(row) { return try command("CLOSE \(cursor)") }
            if result.count < portion { return try command("CLOSE \(cursor)") }
            portion = result.size < 1 << 20 ? min(portion * 2, 4_096) : max(portion / 2, 1)
        }
    }
}

extension PostgresConnection {
    private func run(_ statement: SQLStatement, _ values: [StoreValue]) throws(Fault) -> PostgresResult {
        // The server plans a CREATE anew each time, and would keep its name for nothing.
        if statement.kind == .definition { return try direct(statement.text, values) }
        let parameters = PostgresParameters(values)
        let name = try name(of: statement.text, parameters.types)
        return try unsafe finished(
            parameters.withPointers { count, values, lengths, formats in
                unsafe PQexecPrepared(handle, name, count, values, lengths, formats, 1)
            })
    }

    /// Runs `sql` once, without preparing it.
    private func direct(_ sql: String, _ values: [StoreValue]) throws(Fault) -> PostgresResult {
        let parameters = PostgresParameters(values)
        return try unsafe finished(
            parameters.withPointers { count, values, lengths, formats in
                unsafe PQexecParams(handle, sql, count, parameters.types, values, lengths, formats, 1)
            })
    }

    /// The name under which the server has `text` prepared for parameters of `types`.
    private func name(of text: String, _ types: [UInt32]) throws(Fault) -> String {
        let key = PreparedKey(text: text, types: types)
        if let name = prepared[key] { return name }
        if prepared.count >= Self.capacity {
            prepared.removeAll()
            try command("DEALLOCATE ALL")
        }
        let name = "s\(prepared.count)"
        _ = try unsafe finished(PQprepare(handle, name, text, Int32(types.count), types))
        prepared[key] = name
        return name
    }

    /// The result behind `pointer`, or the failure that it reports.
    private func finished(_ pointer: OpaquePointer?) throws(Fault) -> PostgresResult {
        guard let pointer = unsafe pointer else {
            throw failed(PostgresError(state: "", message: ""))
        }
        let result = unsafe PostgresResult(taking: pointer)
        if let error = result.error { throw failed(isAlive ? error : PostgresError(state: "", message: "")) }
        return result
    }

    private func failed(_ error: PostgresError) -> Fault {
        trouble = error.trouble
        return error.fault
    }
}
