// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Store

/// Opens every record of the vault again and again, a page at a time, and remembers when which page was opened.
///
/// A page is a stretch of ids, which grow with time, so new records follow behind the last one. The pages in the store
/// are also the place where the round goes on after a restart.
struct OpeningRounds: Sendable {
    /// How long an opening counts.
    static let maximumAge = Duration.hours(24)
    /// How old an opening gets before it is repeated.
    private static let renewal = Duration.hours(6)
    /// How soon a record that did not open is tried again: somebody may have restored it.
    private static let secondLook = Duration.minutes(4)
    /// Bytes of records that one page may hold in memory.
    private static let largestPage = 32 << 20

    private let house: House
    private let pageSize: Int64
    private let pagesPerRun: Int

    /// The rounds in `house`; a run opens at most so many pages of so many records.
    init(_ house: House, pageSize: Int64 = 500, pagesPerRun: Int = 20) {
        self.house = house
        self.pageSize = pageSize
        self.pagesPerRun = pagesPerRun
    }

    /// The scheduled work.
    static func job(_ house: House) -> Job {
        Job("vault/opening", every: .minutes(1)) { try await OpeningRounds(house).run() }
    }

    /// Opens what was never opened, then what was opened longest ago, then what did not open, until nothing is due or
    /// the run's share is done.
    func run() async throws {
        for _ in 0..<pagesPerRun {
            guard let start = try await house.store.read({ tx in try Self.due(tx) }) else { return }
            try await open(after: start)
        }
    }

    /// The end of the page before the one that is due.
    private static func due(_ tx: any ReadTransaction) throws -> [UInt8]? {
        let end = try tx.row("SELECT through FROM vault_openings ORDER BY through DESC LIMIT 1")?.bytes(0) ?? []
        if try tx.row("SELECT 1 FROM vault_records WHERE id > ? LIMIT 1", [.bytes(end)]) != nil { return end }
        let old = StoreValue.integer(tx.now.advanced(by: .zero - renewal).microseconds)
        // One from the future, of a clock that was set back, says nothing.
        let oldest = "SELECT after FROM vault_openings WHERE at <= ? OR at > ? ORDER BY at, through LIMIT 1"
        if let row = try tx.row(oldest, [old, .integer(tx.now.microseconds)]) { return try row.bytes(0) }
        return try tx.row(
            """
            SELECT after FROM vault_unopenable JOIN vault_openings ON record > after AND record <= through
            WHERE vault_openings.at <= ? ORDER BY vault_openings.at, through LIMIT 1
            """, [.integer(tx.now.advanced(by: .zero - secondLook).microseconds)])?.bytes(0)
    }

    private func open(after start: [UInt8]) async throws {
        let page = try await house.store.read { [house, pageSize] tx in
            try Page(after: start, limit: pageSize, bytes: Self.largestPage, house.keyring, tx)
        }
        try await house.store.write { tx in try page.keep(tx) }
    }
}

extension OpeningRounds {
    /// What the openings of the last day say together.
    struct Tally: Sendable {
        /// Rows that are in the store now.
        var rows: Int64 = 0
        /// Those that were opened, well or not.
        var opened: Int64 = 0
        /// Those of them that did not open.
        var failing: Int64 = 0
        /// The first of them by name.
        var named: String?
        /// Where rows were added within a page after it was opened.
        fileprivate var gaps: [[UInt8]] = []
    }

    /// Counts, after rows that came in between two others (a slow import, a clock set back) were opened too.
    func tally() async throws -> Tally {
        var tally = try await house.store.read { tx in try Self.count(tx) }
        // A page with more rows than it had is cut in two, so the rest of it is a gap once more.
        for _ in 0..<2 where !tally.gaps.isEmpty && pagesPerRun > 0 {
            for start in tally.gaps.prefix(pagesPerRun) { try await open(after: start) }
            tally = try await house.store.read { tx in try Self.count(tx) }
        }
        return tally
    }

    private static func count(_ tx: any ReadTransaction) throws -> Tally {
        var tally = Tally()
        tally.rows = try tx.row("SELECT count(*) FROM vault_records")?.integer(0) ?? 0
        let since = tx.now.advanced(by: .zero - maximumAge)
        try tx.forEachRow(
            """
            SELECT after, opened,
                (SELECT count(*) FROM vault_records WHERE id > after AND id <= through),
                (SELECT count(*) FROM vault_records WHERE id IN
                    (SELECT record FROM vault_unopenable WHERE record > after AND record <= through))
            FROM vault_openings WHERE at > ? AND at <= ? ORDER BY through
            """, [.integer(since.microseconds), .integer(tx.now.microseconds)]
        ) { row in
            let (opened, present) = (try row.integer(1), try row.integer(2))
            if present > opened { tally.gaps.append(try row.bytes(0)) }
            // What was removed since does not count, and what was added since was not opened.
            tally.opened += max(0, min(opened, present))
            tally.failing += try row.integer(3)
            return true
        }
        if tally.failing > 0 {
            tally.named = try tx.row(
                """
                SELECT record FROM vault_unopenable WHERE record IN (SELECT id FROM vault_records)
                ORDER BY record LIMIT 1
                """
            ).map { Page.name(try $0.bytes(0)) }
        }
        return tally
    }
}
