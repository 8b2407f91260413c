// SPDX-License-Identifier: Apache-2.0

import Access
import Building
import Foundation
import Kernel
import Testing
import Web

@testable import Server

/// Every address of the console against every role: `routes.txt` is the agreed answer, line by line.
struct RouteTests {
    private static let roles = StaffRole.allCases.map(\.rawValue)

    private struct OnePerson: PeopleDirectory {
        let summary: PersonSummary

        func person(_ id: Identifier<Kernel.Person>) async throws -> PersonSummary? { id == summary.id ? summary : nil }
        func everyone() async throws -> [PersonSummary] { [summary] }
        func signedIn(cookie: String) async throws -> SignedIn? { nil }
    }

    /// The resource that a request to the route names, of a patient or another thing that is not there.
    private static func resource(of route: Route) -> EntityReference {
        let id = Identifier<Kernel.Record>(at: Instant(microseconds: 0)).description
        let names = route.path.split(separator: "/").filter { $0.hasPrefix("{") }.map {
            String($0.dropFirst().dropLast())
        }
        let parameters = Dictionary(names.map { ($0, id) }) { first, _ in first }
        return route.resource(PageRequest(method: route.method, path: route.path, parameters: parameters))
    }

    private static func allowed(
        _ route: Route, roles: [String], isEnabled: Bool = true, _ estate: Estate
    ) async throws -> Bool {
        let id = Identifier<Kernel.Person>(at: Instant(microseconds: 0))
        let person = PersonSummary(
            id: id, name: "Test", login: "test", roles: roles, isEnabled: isEnabled, hasSecondFactor: true)
        let authorizer = try AccessPractice.makeAuthorizer(
            store: estate.house.store, directory: OnePerson(summary: person))
        do {
            let decision = try await authorizer.decide(
                AccessRequest(
                    principal: .person(id), action: route.action, resource: resource(of: route),
                    assurance: Assurance(secondFactor: true, at: Instant(microseconds: 0))))
            return decision.isAllowed
        } catch let fault as Fault where fault.code == .notFound {
            // Only who would be allowed is told that there is no such thing.
            return true
        }
    }

    @Test func everyRouteIsDecidedAsAgreed() async throws {
        let lines = try await EstateFixture.withEstate { estate in
            let site = try Console.site(estate, meter: Meter(), authority: nil)
            var lines: [String] = []
            for route in site.routes {
                var able: [String] = []
                for role in Self.roles where try await Self.allowed(route, roles: [role], estate) { able.append(role) }
                let who =
                    switch route.action.audience {
                    case .everyone: "everyone"
                    case .signedIn: "signed-in"
                    case .entitled: able.isEmpty ? "nobody" : able.joined(separator: ",")
                    }
                lines.append("\(route.method) \(route.path) \(route.action.id) \(who)")
            }
            return lines
        }
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "routes.txt")
        if ProcessInfo.processInfo.environment["SALUS_RECORD"] == "1" {
            try (lines.sorted().joined(separator: "\n") + "\n").write(to: path, atomically: true, encoding: .utf8)
        }
        let agreed = try String(contentsOf: path, encoding: .utf8).split(separator: "\n").map(String.init)
        #expect(lines.sorted() == agreed, "SALUS_RECORD=1 writes the new table; read its diff as a policy change")
    }

    @Test func nobodyIsLetInWithoutRoleOrAccount() async throws {
        try await EstateFixture.withEstate { estate in
            let site = try Console.site(estate, meter: Meter(), authority: nil)
            let entitled = site.routes.filter { $0.action.audience == .entitled }
            #expect(entitled.count > 10)
            for route in entitled {
                let byNone = try await Self.allowed(route, roles: [], estate)
                let byUnknown = try await Self.allowed(route, roles: ["no-such-role"], estate)
                let byDisabled = try await Self.allowed(route, roles: Self.roles, isEnabled: false, estate)
                #expect(!byNone && !byUnknown && !byDisabled, "\(route.path)")
            }
        }
    }

    @Test func everyActionThatARouteUsesIsDeclared() async throws {
        let site = try await EstateFixture.withEstate { estate in
            try Console.site(estate, meter: Meter(), authority: nil)
        }
        // Made once: it holds the help of every command.
        let reference = Reference.text
        for route in site.routes {
            #expect(reference.contains("| `\(route.action.id)` |"), "\(route.action.id)")
        }
    }
}
