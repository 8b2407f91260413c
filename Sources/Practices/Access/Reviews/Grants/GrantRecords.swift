// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store

extension ReadTransaction {
    /// The newest review of each grant, by person and role.
    func newestReviews() throws -> [Identifier<Kernel.Person>: [String: GrantReview]] {
        var newest: [Identifier<Kernel.Person>: [String: GrantReview]] = [:]
        // Every grant has a few reviews a year: only the last is kept in memory.
        try forEachRow("SELECT \(GrantReview.columns) FROM access_reviews ORDER BY at, id", []) { row in
            let review = try GrantReview(row)
            newest[review.person, default: [:]][review.role] = review
            return true
        }
        return newest
    }

    /// The reviews of one person's roles, newest first.
    func reviews(of person: Identifier<Kernel.Person>) throws -> [GrantReview] {
        try rows(
            "SELECT \(GrantReview.columns) FROM access_reviews WHERE person = ? ORDER BY at DESC, id DESC",
            [.bytes(person.bytes)]
        ).map(GrantReview.init)
    }

    /// The reviews that asked for a removal which has not been seen yet.
    func openRemovals() throws -> [GrantReview] {
        try rows(
            """
            SELECT \(GrantReview.columns) FROM access_reviews WHERE outcome = 'remove' AND closed IS NULL
            ORDER BY at, id
            """
        ).map(GrantReview.init)
    }
}

extension Transaction {
    /// Keeps a review.
    func add(_ review: GrantReview) throws {
        try execute(
            "INSERT INTO access_reviews (id, person, role, reviewer, at, outcome) VALUES (?, ?, ?, ?, ?, ?)",
            [
                .bytes(Identifier<Record>(at: review.at).bytes), .bytes(review.person.bytes), .text(review.role),
                .bytes(review.reviewer.bytes), .integer(review.at.microseconds), .text(review.outcome.rawValue),
            ])
    }

    /// Closes what asked for the removal of a role.
    ///
    /// - Returns: whether there was anything to close.
    func closeRemoval(of role: String, _ person: Identifier<Kernel.Person>) throws -> Bool {
        try execute(
            """
            UPDATE access_reviews SET closed = ?
            WHERE person = ? AND role = ? AND outcome = 'remove' AND closed IS NULL
            """, [.integer(now.microseconds), .bytes(person.bytes), .text(role)]) > 0
    }
}

extension GrantReview {
    fileprivate static let columns = "person, role, reviewer, at, outcome, closed"

    fileprivate init(_ row: Row) throws {
        guard let outcome = Outcome(rawValue: try row.text(4)) else {
            throw Fault(.damaged, "A review of a role ended with something that no review ends with.")
        }
        self.init(
            person: try row.person(0), role: try row.text(1), reviewer: try row.person(2),
            at: Instant(microseconds: try row.integer(3)), outcome: outcome,
            closed: try row.optionalInteger(5).map(Instant.init(microseconds:)))
    }
}
