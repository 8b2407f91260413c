// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Logging
import TestSupport
import Testing

@testable import Server

@Suite struct DemoTests {
    @Test func theSyntheticClinicTellsRulesEnough() async throws {
        try await TemporaryFolder.with { folder in
            let settings = try Settings(
                flags: [
                    "data": "\(folder)/data", "key-file": "\(folder)/keys/key", "demo": "true", "demo-days": "0",
                ], config: nil, environment: [:])
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            try await DemoLoader(settings: settings, logger: logger).loadIfNew()
            let estate = try await Estate.open(settings, logger: logger)
            let register = try #require(estate.practices.compactMap(\.patients).first)
            let all = try await register.allRelations()
            let readable = try await Self.readableCharts(estate, all)
            await estate.close()
            // Its care teams decide, and leave nobody who treats patients without a chart, nor with all of them.
            #expect(readable.count > 5)
            for (login, count) in readable { #expect(count > 0 && count < all.count, "\(login): \(count)") }
            #expect(all.count == 100)
            #expect(
                Set(all.compactMap(\.department)) == ["Emergency", "Internal medicine", "Maternity"])
            #expect(all.reduce(into: Set()) { $0.formUnion($1.protected) } == Set(ProtectedClass.allCases))
            #expect(all.contains { $0.protected.isEmpty && $0.department == nil })
            let national = "http://hl7.org/fhir/sid/us-npi|99999"
            for relations in all {
                let kinds = Set(relations.care.filter { $0.practitioner.hasPrefix(national) }.map(\.kind))
                #expect(kinds == Set(CareRelation.Kind.allCases))
            }
        }
    }

    /// How many charts each physician and nurse can open.
    private static func readableCharts(_ estate: Estate, _ patients: [PatientRelations]) async throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for person in try await estate.house.directory.everyone()
        where person.isEnabled && person.hasSecondFactor && !Set(["physician", "nurse"]).isDisjoint(with: person.roles)
        {
            for patient in patients {
                let decision = try await estate.house.authorizer.decide(
                    AccessRequest(
                        principal: .person(person.id), action: Action("vault.read-chart", "Read a chart"),
                        resource: EntityReference(type: "patient", id: patient.patient.description),
                        assurance: Assurance(secondFactor: true, at: estate.house.clock.now())))
                counts[person.login, default: 0] += decision.isAllowed ? 1 : 0
            }
        }
        return counts
    }
}
