// SPDX-License-Identifier: Apache-2.0

import Building
import ChunkedEncryption
import Codecs
import Glibc
import Kernel
import Keyring
import Ledger
import Store

/// Whether every record lies sealed in the store: counted by the log, looked at in the store.
enum SealedAtRest {
    static let measure = Measure(
        id: "vault.sealed-at-rest", practice: .encryption, title: "Patient records are sealed at rest",
        population: "record versions", maximumAge: .hours(24), populationIsIndependent: true,
        rules: ["45 CFR 164.312(a)(2)(iv)", "HHS CPG: strong encryption", "HICP practice 4"],
        nextStep: "Records are missing or do not open. Restore the newest backup, and find out who changed the store.")

    /// How many records are opened for a reading.
    private static let sample = 200
    private static let page: Int64 = 500

    static func probe(_ house: House) -> Probe {
        Probe(measure, every: .minutes(30)) { try await read(house) }
    }

    /// Compares log and store. They are read one after the other, so an import in between makes them differ: then
    /// both are read again, and while imports go on nothing is said.
    static func read(_ house: House) async throws -> MeasureReading? {
        var rows: [Int64] = []
        for attempt in 0..<5 {
            if attempt > 0 { try await Task.sleep(for: .milliseconds(700)) }
            let count = try await rowCount(house)
            // Leaves that wait for their place are only counted later.
            try? await house.ledger.settle()
            let told = try await toldByLog(house)
            rows.append(count)
            if told == count { return try await reading(house, told: told, rows: count) }
        }
        guard let last = rows.last, rows.allSatisfy({ $0 == last }) else { return nil }
        return try await reading(house, told: try await toldByLog(house), rows: last)
    }

    private static func reading(_ house: House, told: Int64, rows: Int64) async throws -> MeasureReading? {
        let now = house.clock.now()
        let good = try await sealedRows(house, of: rows)
        // Rows that the log does not know of are part of the population, but nothing vouches for them.
        let population = max(told, rows)
        return MeasureReading(
            of: measure, population: population, fulfilling: min(good, told, population), effectiveAt: now,
            collectedAt: house.clock.now(),
            source: "counted by the log, looked at in the store; \(min(rows, Int64(sample))) opened")
    }

    private static func rowCount(_ house: House) async throws -> Int64 {
        try await house.store.read { tx in
            try tx.row("SELECT count(*) FROM vault_records")?.integer(0) ?? 0
        }
    }

    /// The sum of all counts in the log.
    private static func toldByLog(_ house: House) async throws -> Int64 {
        var query = LeafQuery(limit: 256)
        query.kind = VaultFacts.imported.id
        var sum: Int64 = 0
        while true {
            let leaves = try await house.ledger.leaves(query)
            for leaf in leaves {
                sum = sum.addingReportingOverflow(leaf.leaf.data["count"]?.integerValue ?? 0).partialValue
            }
            guard leaves.count == 256, let last = leaves.last else { return sum }
            query.before = last.position
        }
    }
}

extension SealedAtRest {
    /// How many rows are as sealing leaves them.
    private static func sealedRows(_ house: House, of count: Int64) async throws -> Int64 {
        let drawn = draw(from: count)
        var (good, seen): (Int64, Int64) = (0, 0)
        var last: [UInt8] = []
        while true {
            let (start, after) = (seen, last)
            let result = try await house.store.read { tx in
                try lookAt(after: after, from: start, drawn, house.keyring, tx)
            }
            good += result.good
            seen += result.seen
            last = result.last
            if result.seen < page { return good }
        }
    }

    private static func draw(from count: Int64) -> Set<Int64> {
        guard count > Int64(sample) else { return Set(0..<max(0, count)) }
        var drawn: Set<Int64> = []
        while drawn.count < sample { drawn.insert(Int64.random(in: 0..<count)) }
        return drawn
    }

    private static func lookAt(
        after last: [UInt8], from start: Int64, _ drawn: Set<Int64>, _ keyring: Keyring, _ tx: any ReadTransaction
    ) throws -> (good: Int64, seen: Int64, last: [UInt8]) {
        var (good, seen, newest): (Int64, Int64, [UInt8]) = (0, 0, last)
        var opening: [(row: SealedRow, size: Int64)] = []
        try tx.forEachRow(
            "SELECT \(SealedRow.columns), size FROM vault_records WHERE id > ? ORDER BY id LIMIT ?",
            [.bytes(last), .integer(page)]
        ) { row in
            defer { seen += 1 }
            newest = try row.bytes(0)
            let size = try row.integer(7)
            guard let record = try? SealedRow(row), hasSealedForm(record.sealed, size) else { return true }
            if drawn.contains(start + seen) { opening.append((record, size)) } else { good += 1 }
            return true
        }
        for (row, size) in opening where opens(row, size, keyring, tx) { good += 1 }
        return (good, seen, newest)
    }

    /// The length that sealing gives, and no plaintext in it.
    private static func hasSealedForm(_ sealed: [UInt8], _ size: Int64) -> Bool {
        let length = try? Cobblestone256.ciphertextByteCount(ofPlaintext: Int(size))
        return length == sealed.count && !contains(sealed, marker)
    }

    private static func opens(
        _ row: SealedRow, _ size: Int64, _ keyring: Keyring, _ tx: any ReadTransaction
    ) -> Bool {
        guard let key = try? keyring.dataKey(row.key, in: tx),
            let opened = try? SealedRecord(row: row, key: key).open()
        else { return false }
        return opened.bytes.count == Int(size)
    }

    private static let marker = Array("\"resourceType\"".utf8)

    private static func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        // Unsafe claim: memchr and memcmp stay within the counts of both arrays, which live until they return.
        unsafe bytes.withUnsafeBytes { bytes in
            unsafe part.withUnsafeBytes { part in
                guard let start = bytes.baseAddress, let wanted = part.baseAddress, part.count > 0 else { return false }
                var at = 0
                while at + part.count <= bytes.count {
                    let rest = unsafe start + at
                    guard let hit = unsafe memchr(rest, Int32(part[0]), bytes.count - part.count - at + 1) else {
                        return false
                    }
                    if unsafe memcmp(hit, wanted, part.count) == 0 { return true }
                    at += unsafe UnsafeRawPointer(hit) - rest + 1
                }
                return false
            }
        }
    }
}
