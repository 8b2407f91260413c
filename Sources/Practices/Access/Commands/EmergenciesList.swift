// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Codecs
import Kernel
import Store

/// `salus access emergencies`.
struct EmergenciesList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "emergencies", abstract: "List the charts that were opened in an emergency.",
        discussion: """
            Those of the last 90 days, those that nobody reviewed and those whose follow-up is open, newest first. \
            What people wrote about them is shown in the console only.
            """)

    @OptionGroup var house: HouseOptions

    func run() async throws {
        let isJSON = house.json
        try await house.withHouse(for: AccessActions.readEmergencies) { open in
            let (now, emergencies) = try await open.house.store.read { tx in
                (tx.now, try tx.emergencies(since: tx.now.advanced(by: .zero - .days(EmergencyReviews.days))))
            }
            guard !isJSON else {
                Terminal.json(["emergencies": .array(emergencies.map { Self.value($0, at: now) })])
                return
            }
            let people = Dictionary(
                try await open.house.directory.everyone().map { ($0.id, $0.login) }
            ) { first, _ in first }
            for emergency in emergencies {
                Terminal.line(
                    [
                        emergency.id.description, emergency.opened.rfc3339, emergency.state(at: now).rawValue,
                        people[emergency.person] ?? emergency.person.description, emergency.reason.rawValue,
                        emergency.isOneOfMany ? "many" : "",
                    ].joined(separator: "\t"))
            }
        }
    }

    /// An emergency for other programs.
    static func value(_ emergency: Emergency, at now: Instant) -> CanonicalValue {
        var members: [CanonicalMember] = [
            .init("id", .string(emergency.id.description)), .init("person", .string(emergency.person.description)),
            .init("patient", .string(emergency.patient.description)),
            .init("reason", .string(emergency.reason.rawValue)),
            .init("state", .string(emergency.state(at: now).rawValue)),
            .init("opened", .string(emergency.opened.rfc3339)), .init("closes", .string(emergency.closes.rfc3339)),
            .init("due", .string(emergency.due.rfc3339)), .init("many", .boolean(emergency.isOneOfMany)),
        ]
        if let end = emergency.end { members.append(.init("endedBy", .string(end.cause.rawValue))) }
        if let review = emergency.review {
            members += [
                .init("finding", .string(review.finding.rawValue)), .init("reviewed", .string(review.at.rfc3339)),
                .init("reviewer", .string(review.by.description)),
            ]
        }
        if let due = emergency.followUpDue { members.append(.init("followUpDue", .string(due.rfc3339))) }
        if let closing = emergency.closing {
            members += [
                .init("followUpClosed", .string(closing.at.rfc3339)),
                .init("followUpCloser", .string(closing.by.description)),
                .init("followUpFinding", .string(closing.finding.rawValue)),
            ]
        }
        return .object(members)
    }
}
