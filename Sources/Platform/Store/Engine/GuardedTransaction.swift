// SPDX-License-Identifier: Apache-2.0

import Kernel

/// One connection that runs translated statements inside a transaction that somebody else begins and ends.
protocol SQLSession: AnyObject {
    func execute(_ statement: SQLStatement, _ values: [StoreValue]) throws(Fault) -> Int
    func rows(_ statement: SQLStatement, _ values: [StoreValue]) throws(Fault) -> [Row]
    func stream(_ statement: SQLStatement, _ values: [StoreValue], _ body: (Row) -> Bool) throws(Fault)
}

/// What closures get, the same on both engines: translates and checks statements, and remembers a failure.
///
/// INVARIANT: after the first failed statement no other one runs. PostgreSQL demands it, SQLite would go on with
/// half of a transaction.
final class GuardedTransaction: Transaction {
    let now: Instant
    let recording: Instant?
    private(set) var failure: Fault?
    /// Whether a statement that writes was tried.
    private(set) var hasWritten = false
    private let session: any SQLSession
    private let catalog: StatementCatalog
    private let order: IdentifierOrder
    private var isOver = false

    init(
        _ session: any SQLSession, _ catalog: StatementCatalog, _ order: IdentifierOrder, clock: any TimeSource
    ) {
        self.session = session
        self.catalog = catalog
        self.order = order
        now = clock.now()
        recording = clock.recording
    }

    func orderedIdentifier<Kind>() -> Identifier<Kind> {
        order.next(at: recording ?? now)
    }

    func execute(_ sql: String, _ values: [StoreValue]) throws(Fault) -> Int {
        try guarded { () throws(Fault) in
            try session.execute(checked(sql, values), values)
        }
    }

    func rows(_ sql: String, _ values: [StoreValue]) throws(Fault) -> [Row] {
        try guarded { () throws(Fault) in
            try session.rows(checked(sql, values), values)
        }
    }

    func row(_ sql: String, _ values: [StoreValue]) throws(Fault) -> Row? {
        try rows(sql, values).first
    }

    func forEachRow(_ sql: String, _ values: [StoreValue], _ body: (Row) throws -> Bool) throws {
        var thrown: (any Error)?
        try guarded { () throws(Fault) in
            try session.stream(checked(sql, values), values) { row in
                do {
                    return try body(row)
                } catch {
                    thrown = error
                    return false
                }
            }
        }
        if let thrown { throw thrown }
    }

    /// Runs `body` to its end: what it throws, or the failure of a statement that it swallowed.
    func run(_ body: (any Transaction) throws -> Void) throws {
        defer { isOver = true }
        try body(self)
        if let failure { throw failure }
    }

    private func guarded<Value>(_ statement: () throws(Fault) -> Value) throws(Fault) -> Value {
        if isOver { throw Fault(.internal, "a transaction was used after its closure had returned") }
        if let failure { throw failure }
        do {
            return try statement()
        } catch {
            failure = error
            throw error
        }
    }

    private func checked(_ sql: String, _ values: [StoreValue]) throws(Fault) -> SQLStatement {
        let statement = try catalog.statement(sql)
        guard statement.placeholders == values.count else {
            throw Fault(
                .internal, "a statement with \(statement.placeholders) placeholders was given \(values.count) values")
        }
        for value in values { try checkStorable(value) }
        if statement.kind != .query { hasWritten = true }
        return statement
    }
}

/// The largest text or bytes in one column: half a gibibyte, below the limits of both engines.
let largestValue = 512 << 20

private func checkStorable(_ value: StoreValue) throws(Fault) {
    switch value {
    case .null, .integer: return
    case .bytes(let bytes) where bytes.count <= largestValue: return
    case .text(let text) where text.utf8.count <= largestValue:
        if text.utf8.contains(0) {
            throw Fault(.invalidInput, "text with U+0000 cannot be stored as text; store it as bytes")
        }
    case .text, .bytes:
        throw Fault(.invalidInput, "a value of more than 512 MiB cannot be stored in one column")
    }
}
