// SPDX-License-Identifier: Apache-2.0

import Access
import Building
import Kernel
import Posture
import Testing
import Web

@testable import Server

/// What the board says to do, and to whom it shows the way there.
struct NextStepsTests {
    private struct OnePerson: PeopleDirectory {
        let summary: PersonSummary

        func person(_ id: Identifier<Kernel.Person>) async throws -> PersonSummary? { summary }
        func everyone() async throws -> [PersonSummary] { [summary] }
        func signedIn(cookie: String) async throws -> SignedIn? { nil }
    }

    /// The step of the recovery phrase as somebody with `role` sees it, before anybody wrote it down.
    private func step(for role: String) async throws -> String {
        try await EstateFixture.withEstate { estate in
            let now = Instant(microseconds: 0)
            let person = PersonSummary(
                id: Identifier(at: now), name: "Test", login: "test", roles: [role], isEnabled: true,
                hasSecondFactor: true)
            let directory = OnePerson(summary: person)
            let house = House(
                ledger: estate.house.ledger, store: estate.house.store, clock: estate.house.clock,
                directory: directory,
                authorizer: try AccessPractice.makeAuthorizer(store: estate.house.store, directory: directory),
                keyring: estate.house.keyring)
            let visitor = Visitor.person(
                SignedIn(
                    person: person, assurance: Assurance(secondFactor: true, at: now), formToken: "", session: ""))
            await estate.posture.takeAll()
            let board = Board(
                probes: estate.posture.probes, newest: try await estate.posture.newest(),
                now: estate.house.clock.now())
            let line = try #require(board.platform.first { $0.measure.id == PlatformProbes.recoveryConfirmed.id })
            let steps = try await NextSteps(for: visitor, house: house)
            return try #require(steps.of(line, board.at)).renderString()
        }
    }

    @Test func onlyWhoMayTakeTheStepIsShownTheWay() async throws {
        #expect(try await step(for: "administrator").contains("href=\"/welcome/recovery\""))
        for role in ["physician", "auditor"] {
            let words = try await step(for: role)
            #expect(words.contains("24 words") && !words.contains("href"), "\(role)")
        }
    }
}
