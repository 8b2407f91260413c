// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store
import TestSupport
import Testing

private let things = Migration(
    name: "test/0001_things",
    statements: ["CREATE TABLE things (id BIGINT PRIMARY KEY, number BIGINT, text TEXT, bytes BYTES)"])

@Suite struct ValueTests {
    @Test(arguments: StoreFixture.dialects)
    func everyValueComesBackAsItWas(_ dialect: StoreDialect) async throws {
        let rows: [[StoreValue]] = [
            [1, .integer(.min), .text(""), .bytes([])],
            [2, .integer(.max), "caf\u{E9}", .bytes(Array(0...255))],
            [3, 0, "cafe\u{301}", .bytes([0, 0, 0])],
            [4, -1, "日本語 🏥 \u{10FFFF}", .bytes([UInt8](repeating: 7, count: 300_000))],
            [5, nil, nil, nil],
        ]
        try await StoreFixture.with(dialect, migrations: [things]) { fixture in
            try await fixture.database.write { tx in
                for row in rows { try tx.execute("INSERT INTO things VALUES (?, ?, ?, ?)", row) }
            }
            let stored = try await fixture.database.read { tx in
                try tx.rows("SELECT id, number, text, bytes FROM things ORDER BY id")
            }
            #expect(stored == rows.map(Row.init))
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func textWithZeroIsRefusedAndBytesWithZeroAreNot(_ dialect: StoreDialect) async throws {
        try await StoreFixture.with(dialect, migrations: [things]) { fixture in
            let fault = await #expect(throws: Fault.self) {
                try await fixture.database.write { tx in
                    try tx.execute("INSERT INTO things (id, text) VALUES (1, ?)", ["a\u{0}b"])
                }
            }
            #expect(fault?.code == .invalidInput)
            let found = try await fixture.database.write { tx in
                try tx.execute("INSERT INTO things (id, bytes) VALUES (1, ?)", [.bytes([97, 0, 98])])
                return try tx.rows("SELECT id FROM things WHERE bytes = ?", [.bytes([97, 0, 98])]).count
            }
            #expect(found == 1)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func textSortsAndComparesByItsBytes(_ dialect: StoreDialect) async throws {
        let words = ["a", "B", "b", "A", "é", "e", "z", "_", "a b", "ab", "a-b", "\u{65}\u{301}", "Z", "10", "9"]
        try await StoreFixture.with(dialect, migrations: [things]) { fixture in
            let stored = try await fixture.database.write { tx in
                for (index, word) in words.enumerated() {
                    let id = Int64(index)
                    try tx.execute("INSERT INTO things (id, text) VALUES (?, ?)", [.integer(id), .text(word)])
                }
                return try tx.rows("SELECT text FROM things ORDER BY text").map { try $0.text(0) }
            }
            let expected = words.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            #expect(stored.map { Array($0.utf8) } == expected.map { Array($0.utf8) })
            let below = try await fixture.database.read { tx in
                try tx.rows("SELECT id FROM things WHERE text < ? AND text >= ?", ["a", "A"]).count
            }
            #expect(below == 4)
            let composed = try await fixture.database.read { tx in
                try tx.rows("SELECT id FROM things WHERE text = ?", ["\u{E9}"]).count
            }
            #expect(composed == 1)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func countsSumsAndTruthsAreIntegers(_ dialect: StoreDialect) async throws {
        try await StoreFixture.with(dialect, migrations: [things]) { fixture in
            let row = try await fixture.database.write { tx in
                for id in 1...3 as ClosedRange<Int64> {
                    try tx.execute(
                        "INSERT INTO things (id, number) VALUES (?, ?)", [.integer(id), .integer(-40_000 * id)])
                }
                return try tx.row(
                    """
                    SELECT count(*), sum(number), max(id), coalesce(sum(id), 0), EXISTS (SELECT 1 FROM things), 7
                    FROM things
                    """)
            }
            #expect(row == Row([3, -240_000, 3, 6, 1, 7]))
            let empty = try await fixture.database.read { tx in
                try tx.row("SELECT sum(number), ? FROM things WHERE id > ?", [5, 99])
            }
            #expect(empty == Row([nil, 5]))
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func columnsRefuseValuesOfAnotherType(_ dialect: StoreDialect) async throws {
        try await StoreFixture.with(dialect, migrations: [things]) { fixture in
            await #expect(throws: Fault.self) {
                try await fixture.database.write { tx in
                    try tx.execute("INSERT INTO things (id, number) VALUES (1, ?)", ["abc"])
                }
            }
            await #expect(throws: Fault.self) {
                try await fixture.database.write { tx in
                    try tx.execute("INSERT INTO things (number) VALUES (1)")
                }
            }
        }
    }

    @Test func rowsNeverTrap() throws {
        let row = Row([1, "a", .bytes([1]), nil])
        #expect(try row.integer(0) == 1)
        #expect(try row.text(1).utf8.elementsEqual("a".utf8))
        #expect(try row.bytes(2) == [1])
        #expect(try row.optionalInteger(3) == nil)
        #expect(try row.optionalText(3) == nil)
        #expect(try row.optionalBytes(3) == nil)
        for read in [{ _ = try row.integer(4) }, { _ = try row.integer(-1) }, { _ = try row.text(0) }]
            as [() throws -> Void]
        {
            let fault = #expect(throws: Fault.self, performing: read)
            #expect(fault?.code == .damaged)
        }
        #expect(StoreValue.text("\u{E9}") != StoreValue.text("e\u{301}"))
    }
}
