// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store

extension Emergency {
    /// The columns that `init` reads, in its order.
    static let columns = """
        id, person, patient, reason, opened, until, many, ended, ended_by, reviewer, reviewed, finding,
        ended_person, closer, closed, closing_finding
        """

    /// The condition for those that nobody has judged yet, or whose follow-up is open.
    fileprivate static let waits = "(reviewed IS NULL OR (finding = 'needs-follow-up' AND closed IS NULL))"

    /// The emergency in a row.
    init(_ row: Row) throws {
        guard let id = Identifier<Emergency>(bytes: try row.bytes(0)),
            let person = Identifier<Person>(bytes: try row.bytes(1)),
            let patient = Identifier<Patient>(bytes: try row.bytes(2)), let reason = Reason(rawValue: try row.text(3))
        else { throw Self.damaged }
        self.init(
            id: id, person: person, patient: patient, reason: reason,
            opened: Instant(microseconds: try row.integer(4)), until: Instant(microseconds: try row.integer(5)),
            isOneOfMany: try row.integer(6) != 0, end: try Self.end(row), review: try Self.review(row, 9),
            closing: try Self.review(row, 13))
    }

    private static func end(_ row: Row) throws -> End? {
        guard let at = try row.optionalInteger(7) else { return nil }
        guard let cause = End.Cause(rawValue: try row.text(8)) else { throw damaged }
        return End(
            at: Instant(microseconds: at), cause: cause,
            person: try row.optionalBytes(12).flatMap { Identifier<Person>(bytes: $0) })
    }

    /// The judgement in three columns from `first` on.
    private static func review(_ row: Row, _ first: Int) throws -> Review? {
        guard let reviewer = try row.optionalBytes(first) else { return nil }
        guard let by = Identifier<Person>(bytes: reviewer),
            let finding = Finding(rawValue: try row.text(first + 2))
        else { throw damaged }
        return Review(by: by, at: Instant(microseconds: try row.integer(first + 1)), finding: finding)
    }

    private static var damaged: Fault { Fault(.damaged, "A row of the emergencies holds what nobody wrote.") }
    static var missing: Fault { Fault(.notFound, "There is no such emergency.") }
}

extension ReadTransaction {
    /// The emergency with this id.
    ///
    /// - Throws: `Fault.notFound`.
    func emergency(_ id: Identifier<Emergency>) throws -> Emergency {
        let row = try row("SELECT \(Emergency.columns) FROM access_emergencies WHERE id = ?", [.bytes(id.bytes)])
        guard let row else { throw Emergency.missing }
        return try Emergency(row)
    }

    /// What was written when it began, by its reviewer and by whoever closed the follow-up, all sealed.
    func sealedNotes(of id: Identifier<Emergency>) throws -> (opening: [UInt8], review: [UInt8]?, closing: [UInt8]?) {
        let row = try row(
            "SELECT words, review_words, closing_words FROM access_emergencies WHERE id = ?", [.bytes(id.bytes)])
        guard let row else { throw Emergency.missing }
        return (try row.bytes(0), try row.optionalBytes(1), try row.optionalBytes(2))
    }

    /// The emergencies of a person, the newest first.
    func emergencies(of person: Identifier<Person>, limit: Int64 = 100) throws -> [Emergency] {
        try rows(
            """
            SELECT \(Emergency.columns) FROM access_emergencies WHERE person = ?
            ORDER BY until DESC, id DESC LIMIT ?
            """, [.bytes(person.bytes), .integer(limit)]
        ).map(Emergency.init)
    }

    /// The charts that a person has open in an emergency.
    func openEmergencies(of person: Identifier<Person>) throws -> [Emergency] {
        try rows(
            """
            SELECT \(Emergency.columns) FROM access_emergencies
            WHERE person = ? AND ended IS NULL AND until > ? ORDER BY until DESC, id DESC
            """, [.bytes(person.bytes), .integer(now.microseconds)]
        ).map(Emergency.init)
    }

    /// How many emergencies a person opened since `start`.
    func emergencyCount(of person: Identifier<Person>, since start: Instant) throws -> Int64 {
        try row(
            "SELECT count(*) FROM access_emergencies WHERE person = ? AND opened > ?",
            [.bytes(person.bytes), .integer(start.microseconds)])?.integer(0) ?? 0
    }

    /// The emergencies that wait for somebody, or that were opened after `start`; the newest first.
    func emergencies(since start: Instant) throws -> [Emergency] {
        try rows(
            """
            SELECT \(Emergency.columns) FROM access_emergencies WHERE \(Emergency.waits) OR opened > ?
            ORDER BY opened DESC, id DESC
            """, [.integer(start.microseconds)]
        ).map(Emergency.init)
    }

    /// Those whose time is over without anybody having written it down.
    func emergenciesToEnd() throws -> [Emergency] {
        try rows(
            "SELECT \(Emergency.columns) FROM access_emergencies WHERE ended IS NULL AND until <= ? ORDER BY id",
            [.integer(now.microseconds)]
        ).map(Emergency.init)
    }

    /// How many wait for somebody, those that are open included: whoever answers for them sees them at once.
    func waitingEmergencies() throws -> Int64 {
        try row("SELECT count(*) FROM access_emergencies WHERE \(Emergency.waits)")?.integer(0) ?? 0
    }
}

extension Transaction {
    /// Keeps a new emergency.
    func insert(_ emergency: Emergency, sealed words: [UInt8]) throws {
        try execute(
            """
            INSERT INTO access_emergencies (id, person, patient, reason, words, many, opened, until)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .bytes(emergency.id.bytes), .bytes(emergency.person.bytes), .bytes(emergency.patient.bytes),
                .text(emergency.reason.rawValue), .bytes(words), .integer(emergency.isOneOfMany ? 1 : 0),
                .integer(emergency.opened.microseconds), .integer(emergency.until.microseconds),
            ])
    }

    /// Keeps how an emergency ended.
    func update(_ emergency: Emergency, end: Emergency.End) throws {
        try execute(
            "UPDATE access_emergencies SET ended = ?, ended_by = ?, ended_person = ? WHERE id = ?",
            [
                .integer(end.at.microseconds), .text(end.cause.rawValue), StoreValue(end.person?.bytes),
                .bytes(emergency.id.bytes),
            ])
    }

    /// Keeps what was found.
    func update(_ emergency: Emergency, review: Emergency.Review, sealed words: [UInt8]?) throws {
        try execute(
            "UPDATE access_emergencies SET reviewer = ?, reviewed = ?, finding = ?, review_words = ? WHERE id = ?",
            [
                .bytes(review.by.bytes), .integer(review.at.microseconds), .text(review.finding.rawValue),
                StoreValue(words), .bytes(emergency.id.bytes),
            ])
    }

    /// Keeps what came out of a follow-up, and leaves the review as it is.
    func update(_ emergency: Emergency, closing: Emergency.Review, sealed words: [UInt8]) throws {
        try execute(
            "UPDATE access_emergencies SET closer = ?, closed = ?, closing_finding = ?, closing_words = ? WHERE id = ?",
            [
                .bytes(closing.by.bytes), .integer(closing.at.microseconds), .text(closing.finding.rawValue),
                .bytes(words), .bytes(emergency.id.bytes),
            ])
    }
}
