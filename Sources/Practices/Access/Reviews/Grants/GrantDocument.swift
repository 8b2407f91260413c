// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel

/// All grants with their reviews, as a file for an auditor and for other programs.
struct GrantDocument {
    let sheet: GrantDesk.Sheet

    /// A table in CSV (RFC 4180), times in UTC.
    var csv: [UInt8] {
        let head = [
            "person", "sign-in name", "name", "role", "given", "last used", "uses visible since", "last review",
            "outcome", "reviewer", "confirm by", "state", "as of",
        ]
        let rows = sheet.grants.map { grant in
            [
                grant.person.id.description, grant.person.login, grant.person.name, grant.role, text(grant.since),
                text(grant.used), text(sheet.usesSince), text(grant.review?.at),
                grant.review?.outcome.rawValue ?? "",
                grant.review.map { sheet.people[$0.reviewer]?.login ?? $0.reviewer.description } ?? "",
                text(grant.due), Self.word(grant.state(at: sheet.now)), sheet.now.rfc3339,
            ]
        }
        return CommaSeparated.document(head, rows)
    }

    /// The same for other programs.
    var value: CanonicalValue {
        .object([
            .init("at", .integer(sheet.now.microseconds)),
            .init("roles", .array(sheet.grants.map(value))),
        ])
    }

    private func value(_ grant: Grant) -> CanonicalValue {
        let times: [(String, Instant?)] = [
            ("due", grant.due), ("given", grant.since), ("reviewed", grant.review?.at), ("used", grant.used),
            ("usesVisibleSince", sheet.usesSince),
        ]
        let texts: [(String, String?)] = [
            ("login", grant.person.login), ("outcome", grant.review?.outcome.rawValue),
            ("person", grant.person.id.description), ("reviewer", grant.review?.reviewer.description),
            ("role", grant.role), ("state", Self.word(grant.state(at: sheet.now))),
        ]
        return .object(
            times.compactMap { name, at in at.map { CanonicalMember(name, .integer($0.microseconds)) } }
                + texts.compactMap { name, text in text.map { CanonicalMember(name, .string($0)) } })
    }

    /// How a state is called in files.
    static func word(_ state: Grant.State) -> String {
        switch state {
        case .toRemove: "to-remove"
        case .overdue: "overdue"
        case .untold: "given-by-nobody-known"
        case .due: "due"
        case .settled: "in-time"
        }
    }

    private func text(_ instant: Instant?) -> String {
        instant?.rfc3339 ?? ""
    }
}
