// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SyntheticClinic

@Suite struct BundleTests {
    private let clinic = Samples.clinic

    @Test func everyResourceIsTaggedNamedAndPutUnderItsOwnID() throws {
        for bytes in Samples.bundles + [clinic.organizationBundle()] {
            for entry in try ParsedBundle(bytes).entries {
                let resource = try #require(entry["resource"] as? [String: Any])
                let id = try #require(resource["id"] as? String)
                let type = try #require(resource["resourceType"] as? String)
                #expect(entry["fullUrl"] as? String == "urn:uuid:\(id)")
                #expect((entry["request"] as? [String: String]) == ["method": "PUT", "url": "\(type)/\(id)"])
                let meta = try #require(resource["meta"] as? [String: [[String: String]]])
                #expect(meta["tag"] == [["system": "https://salus.example/synthetic", "code": "synthetic"]])
            }
        }
    }

    @Test func referencesResolve() throws {
        let organization = try ParsedBundle(clinic.organizationBundle())
        let outside = Set(organization.entries.compactMap { ($0["request"] as? [String: String])?["url"] })
        for bytes in Samples.bundles + [clinic.organizationBundle()] {
            let bundle = try ParsedBundle(bytes)
            let inside = Set(bundle.entries.compactMap { $0["fullUrl"] as? String })
            #expect(inside.count == bundle.entries.count)
            let references = ParsedBundle.strings(named: "reference", in: bundle.entries)
            #expect(!references.isEmpty)
            for reference in references {
                #expect(inside.contains(reference) || outside.contains(reference), "\(reference)")
            }
        }
    }

    @Test func identifiersAreDistinctAcrossTheClinic() throws {
        let ids = try Samples.bundles.flatMap { try ParsedBundle($0).resources.compactMap { $0["id"] as? String } }
        #expect(Set(ids).count == ids.count)
        #expect(ids.count > 3_000)
    }

    @Test func everyChartHasItsParts() throws {
        var reports = 0
        var plans = 0
        for (patient, bytes) in zip(clinic.patients, Samples.bundles) {
            let bundle = try ParsedBundle(bytes)
            #expect(bundle.all("Patient").count == 1)
            #expect((2...13).contains(bundle.all("Encounter").count), "\(patient.index)")
            #expect(bundle.all("AllergyIntolerance").count == 1)
            #expect(!bundle.all("Observation").isEmpty)
            reports += bundle.all("DiagnosticReport").count
            plans += bundle.all("CarePlan").count
        }
        #expect(reports > 40)
        #expect((15...70).contains(plans))
    }

    @Test func organizationHasPlacesAndPractitioners() throws {
        let bundle = try ParsedBundle(clinic.organizationBundle())
        #expect(bundle.all("Organization").count == 1)
        #expect(bundle.all("Location").count == 6)
        #expect(bundle.all("Practitioner").count == 9)
    }

    @Test func whoTreatsHasANumberAndADepartment() throws {
        let bundle = try ParsedBundle(clinic.organizationBundle())
        let numbers = bundle.all("Practitioner").compactMap { practitioner in
            (practitioner["identifier"] as? [[String: String]])?
                .first { $0["system"] == "http://hl7.org/fhir/sid/us-npi" }?["value"]
        }
        let treating = clinic.people.filter(\.treatsPatients)
        #expect(numbers == treating.compactMap(\.npi) && Set(numbers).count == 9)
        #expect(numbers.allSatisfy { $0.hasPrefix("99999") && $0.utf8.count == 10 })
        #expect(treating.allSatisfy { $0.department != nil })
        #expect(clinic.people.filter { !$0.treatsPatients }.allSatisfy { $0.npi == nil && $0.department == nil })
    }

    @Test func everyDepartmentHasPatientsTodayAndEveryProtectedKindOccurs() throws {
        var (places, labels, teams): ([String: Int], [String: Int], Int) = ([:], [:], 0)
        for (patient, bytes) in zip(clinic.patients, Samples.bundles) {
            let bundle = try ParsedBundle(bytes)
            teams += bundle.all("CareTeam").count
            for visit in bundle.all("Encounter") where visit["status"] as? String == "in-progress" {
                #expect(patient.deathDate == nil && (visit["participant"] as? [Any])?.isEmpty == false)
                let place = (visit["location"] as? [[String: Any]])?.first?["location"] as? [String: String]
                places[try #require(place?["display"]), default: 0] += 1
            }
            for resource in bundle.resources {
                let meta = resource["meta"] as? [String: [[String: String]]]
                for label in meta?["security"] ?? [] { labels[label["code"] ?? "", default: 0] += 1 }
            }
        }
        #expect(teams == 100)
        #expect(Set(places.keys) == ["Emergency", "Internal medicine", "Maternity"], "\(places)")
        #expect(Set(labels.keys) == ["PSYTHPN", "HIV", "ETHUD"], "\(labels)")
    }

    @Test func everyObservationHasAValueWithUnitOrComponents() throws {
        for bytes in Samples.bundles {
            for observation in try ParsedBundle(bytes).all("Observation") {
                let parts = observation["component"] as? [[String: Any]] ?? [observation]
                for part in parts {
                    let quantity = try #require(part["valueQuantity"] as? [String: Any])
                    #expect(quantity["value"] != nil)
                    #expect((quantity["unit"] as? String)?.isEmpty == false)
                    #expect(quantity["system"] as? String == "http://unitsofmeasure.org")
                }
            }
        }
    }

    /// FHIR forbids empty arrays and objects, and null outside of arrays of primitives.
    @Test func nothingIsEmpty() {
        for bytes in Samples.bundles + [clinic.organizationBundle()] {
            let text = String(decoding: bytes, as: UTF8.self)
            for emptiness in ["[]", "{}", "null", "\"\""] { #expect(!text.contains(emptiness), "\(emptiness)") }
        }
    }

    @Test func telephoneNumbersAreFictional() throws {
        for bytes in Samples.bundles {
            let patient = try #require(try ParsedBundle(bytes).all("Patient").first)
            let telecom = try #require(patient["telecom"] as? [[String: String]])
            let numbers = telecom.filter { $0["system"] == "phone" }.compactMap { $0["value"] }
            #expect(numbers.count == 1)
            #expect(numbers.allSatisfy { $0.hasPrefix("+1-555-555-01") && $0.utf8.count == 15 })
            let mail = telecom.filter { $0["system"] == "email" }.compactMap { $0["value"] }
            #expect(mail.allSatisfy { $0.hasSuffix(".example") })
        }
    }

    @Test(arguments: [
        (JSON.text("a\"b\\c\n\u{1}é"), #""a\"b\\c\u000a\u0001é""#),
        (JSON.number(FixedPoint(-5, decimals: 2)), "-0.05"),
        (JSON.number(FixedPoint(70, decimals: 1)), "7.0"),
        (JSON.object([("a", .absent), ("b", [.absent, true]), ("c", 12)]), #"{"b":[true],"c":12}"#),
    ])
    func jsonIsWrittenExactly(value: JSON, text: String) {
        #expect(value.bytes == Array(text.utf8))
    }
}
