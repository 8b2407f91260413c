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
                flags: ["data": "\(folder)/data", "key-file": "\(folder)/keys/key", "demo": "true"], config: nil,
                environment: [:])
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            let estate = try await Estate.open(settings, logger: logger)
            try await DemoLoader(estate: estate, logger: logger).loadIfNew()
            let register = try #require(estate.practices.compactMap(\.patients).first)
            let all = try await register.allRelations()
            await estate.close()
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
}
