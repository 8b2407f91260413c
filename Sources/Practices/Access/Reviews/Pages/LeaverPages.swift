// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Web

/// The page of people who left, for those who review roles.
struct LeaverPages: Sendable {
    let house: House
    let rules: RuleAuthorizer

    static let path = "\(GrantPages.path)/leavers"
    static let title = "People who left"

    func add(to site: inout Site) {
        site.get(Self.path, AccessActions.reviewGrants) { request in
            guard let findings = try await Leavers.findings(house, rules) else {
                let reading = Callout(
                    .info, "The evidence log is still being read",
                    content: "Until that is done nobody can say that these accounts are closed. Try again in a minute.")
                return .page(Self.title, "\(LeaverList.heading)\(reading)")
            }
            let people = Dictionary(try await house.directory.everyone().map { ($0.id.description, $0) }) { first, _ in
                first
            }
            let list = LeaverList(findings, people: people, time: house.localTime, of: request)
            return .page(Self.title, list.html(try await Departure.read(of: list.closed, house)))
        }
    }
}
