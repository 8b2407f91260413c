// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store

extension Transaction {
    /// Counts an attempt in each of `buckets` before it is made, so that attempts at the same time cannot slip through.
    ///
    /// - Returns: whether one of them is now used up.
    /// - Throws: `BudgetUsedUp` when one was used up already.
    func spend(_ buckets: [Bucket]) throws -> Bool {
        // Refused before anything is written: a transaction that fails after it wrote makes others run again.
        for bucket in buckets { try demandRoom(in: bucket) }
        var isUsedUp = false
        for bucket in buckets {
            let failures = try count(bucket)
            if failures >= bucket.limit { isUsedUp = true }
        }
        return isUsedUp
    }

    /// - Throws: `BudgetUsedUp`.
    private func count(_ bucket: Bucket) throws -> Int64 {
        let cutoff = now.advanced(by: .zero - Budget.window)
        // A count from the future, of a clock that was set back, begins anew as well.
        let counted = try row(
            """
            INSERT INTO identity_attempts (bucket, since, failures) VALUES (?, ?, 1)
            ON CONFLICT (bucket) DO UPDATE SET
                failures = CASE WHEN identity_attempts.since <= ? OR identity_attempts.since > ? THEN 1
                    ELSE identity_attempts.failures + 1 END,
                since = CASE WHEN identity_attempts.since <= ? OR identity_attempts.since > ? THEN excluded.since
                    ELSE identity_attempts.since END
            RETURNING since, failures
            """,
            [
                .bytes(bucket.name), .integer(now.microseconds), .integer(cutoff.microseconds),
                .integer(now.microseconds), .integer(cutoff.microseconds), .integer(now.microseconds),
            ])
        guard let counted else { throw Fault(.internal, "An attempt could not be counted.") }
        let failures = try counted.integer(1)
        guard failures <= bucket.limit else {
            throw BudgetUsedUp(until: Instant(microseconds: try counted.integer(0)).advanced(by: Budget.window))
        }
        return failures
    }

    /// Refuses when `bucket` is used up, without counting anything.
    ///
    /// - Throws: `BudgetUsedUp`.
    func demandRoom(in bucket: Bucket) throws {
        guard
            let row = try row(
                "SELECT since, failures FROM identity_attempts WHERE bucket = ?", [.bytes(bucket.name)])
        else { return }
        let since = Instant(microseconds: try row.integer(0))
        let end = since.advanced(by: Budget.window)
        guard try row.integer(1) >= bucket.limit, since <= now, now < end else { return }
        throw BudgetUsedUp(until: end)
    }

    /// Takes back one attempt, which was no failure, from each of `buckets`.
    func refund(_ buckets: [Bucket]) throws {
        for bucket in buckets {
            try execute(
                "UPDATE identity_attempts SET failures = failures - 1 WHERE bucket = ? AND failures > 0",
                [.bytes(bucket.name)])
        }
    }

    /// Forgets all failures of `bucket`.
    func clear(_ bucket: Bucket) throws {
        try execute("DELETE FROM identity_attempts WHERE bucket = ?", [.bytes(bucket.name)])
    }
}
