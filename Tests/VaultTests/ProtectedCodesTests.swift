// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Testing
import Web

@testable import Vault

@Suite("Protected records")
struct ProtectedCodesTests {
    private func classes(_ json: String) throws -> Set<ProtectedClass> {
        ProtectedCodes.classes(of: try JSONDocument.parse(json).root)
    }

    private static let actCode = "http://terminology.hl7.org/CodeSystem/v3-ActCode"

    @Test(arguments: [
        ("PSYTHPN", [ProtectedClass.psychotherapy]), ("HIV", [.hiv]), ("ETHUD", [.substanceUse]),
        ("BH", [.psychotherapy, .substanceUse]), ("hiv", []), ("STD", []),
    ])
    func labels(_ code: String, _ expected: [ProtectedClass]) throws {
        for system in [Self.actCode, "http://hl7.org/fhir/v3/ActCode", "urn:oid:2.16.840.1.113883.5.4"] {
            let label = "{\"system\":\"\(system)\",\"code\":\"\(code)\"}"
            #expect(
                try classes("{\"resourceType\":\"Observation\",\"meta\":{\"security\":[\(label)]}}") == Set(expected))
        }
        let other = "{\"system\":\"urn:other\",\"code\":\"\(code)\"}"
        #expect(try classes("{\"resourceType\":\"Observation\",\"meta\":{\"security\":[\(other)]}}").isEmpty)
    }

    @Test(arguments: [
        ("http://snomed.info/sct", "86406008", [ProtectedClass.hiv]), ("http://snomed.info/sct", "864060081", []),
        ("http://loinc.org", "56888-1", [.hiv]), ("http://loinc.org", "4548-4", []),
        ("http://hl7.org/fhir/sid/icd-10-cm", "F10.20", [.substanceUse]),
        ("http://hl7.org/fhir/sid/icd-10", "B20", [.hiv]),
        ("http://fhir.de/CodeSystem/bfarm/icd-10-gm", "F17.2", []), ("urn:other", "86406008", []),
    ])
    func codes(_ system: String, _ code: String, _ expected: [ProtectedClass]) throws {
        let coding = "{\"coding\":[{\"system\":\"\(system)\",\"code\":\"\(code)\"}]}"
        for json in [
            "{\"resourceType\":\"Condition\",\"code\":\(coding)}",
            "{\"resourceType\":\"Encounter\",\"reasonCode\":[\(coding)]}",
            "{\"resourceType\":\"Observation\",\"component\":[{\"valueCodeableConcept\":\(coding)}]}",
            "{\"resourceType\":\"Claim\",\"contained\":[{\"resourceType\":\"Condition\",\"code\":\(coding)}]}",
        ] { #expect(try classes(json) == Set(expected)) }
        for exempt in ProtectedCodes.exempt {
            #expect(try classes("{\"resourceType\":\"\(exempt)\",\"code\":\(coding)}").isEmpty)
        }
    }

    @Test(arguments: [
        ("2020", "2020-01-01T05:00:00Z", "2021-01-01T05:00:00Z"),
        ("2020-02", "2020-02-01T05:00:00Z", "2020-03-01T05:00:00Z"),
        ("2020-03-08", "2020-03-08T05:00:00Z", "2020-03-09T04:00:00Z"),
        ("2020-11-01", "2020-11-01T04:00:00Z", "2020-11-02T05:00:00Z"),
        ("2020-03-08T12:00:00+01:00", "2020-03-08T11:00:00Z", "2020-03-08T11:00:00Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T05:00:00Z", "2017-01-01T05:00:00Z"),
    ])
    func partialDatesAreThoseOfTheHouse(_ text: String, _ from: String, _ until: String) throws {
        let time = try #require(LocalTime(named: "America/New_York"))
        let root = try JSONDocument.parse("{\"start\":\"\(text)\",\"end\":\"\(text)\"}").root
        let period = try #require(CarePeriod(root, in: time))
        #expect(period.from == Instant(microseconds: try RFC3339.parse(from)))
        #expect(period.until == Instant(microseconds: try RFC3339.parse(until)))
    }

    @Test func periodsWithoutBoundsAndUnreadableOnes() throws {
        #expect(CarePeriod(nil, in: .utc) == .always)
        for text in ["{\"start\":\"yesterday\"}", "{\"end\":7}"] {
            #expect(CarePeriod(try JSONDocument.parse(text).root, in: .utc) == nil)
        }
        let now = Instant(microseconds: 10)
        #expect(CarePeriod(from: now, until: nil).contains(now))
        #expect(!CarePeriod(from: now, until: now).contains(now))
        #expect(CarePeriod.always.within(CarePeriod(from: now, until: now)) == CarePeriod(from: now, until: now))
    }
}
