// SPDX-License-Identifier: Apache-2.0

import Codecs
import FHIRBundle
import Testing

@Suite("What a chart shows")
struct PatientCardTests {
    private func card(_ text: String) throws -> PatientCard {
        PatientCard.extract(try JSONDocument.parse(text).root)
    }

    @Test func readsAWholePatient() throws {
        let card = try card(
            """
            {"resourceType":"Patient","name":[{"use":"maiden","family":"Rossi"},{"use":"usual","given":["Annie"]},
            {"use":"official","family":"Dubois","given":["Anaïs","Marie"],"prefix":["Dr."],"suffix":["PhD"]}],
            "birthDate":"1980-05-31","gender":"female","identifier":[{"system":"urn:s","value":"42",
            "type":{"coding":[{"code":"MR"}],"text":"Record"}},{"system":"no value"}],
            "telecom":[{"system":"phone","value":"555","use":"home"}],"address":[{"use":"old","line":["x"]},
            {"line":["1 Rue A","Apt 2"],"city":"Lyon","postalCode":"69001","country":"FR"}],
            "deceasedDateTime":"2020-01-02T03:04:05Z"}
            """)
        #expect(card.family == "Dubois" && card.given == ["Anaïs", "Marie"] && card.prefixes == ["Dr."])
        #expect(card.displayName == "Dubois, Anaïs Marie" && card.suffixes == ["PhD"])
        #expect(card.birthDate?.text == "1980-05-31" && card.gender == "female")
        #expect(card.identifiers.map(\.value) == ["42"] && card.identifiers.first?.typeCode == "MR")
        #expect(card.identifiers.first?.typeText == "Record" && card.identifiers.first?.system == "urn:s")
        #expect(card.telecom.first?.value == "555" && card.telecom.first?.use == "home")
        #expect(card.address == ["1 Rue A", "Apt 2", "69001 Lyon", "FR"])
        #expect(card.isDeceased && card.deceasedAt == "2020-01-02T03:04:05Z")
    }

    @Test func missingAndMisshapenPartsAreLeftOut() throws {
        let empty = try card("{}")
        #expect(empty.displayName.isEmpty && empty.birthDate == nil && empty.address.isEmpty && !empty.isDeceased)
        let odd = try card(
            "{\"name\":7,\"birthDate\":\"1980-02-30\",\"address\":[{\"text\":\"At sea\"}],\"deceasedBoolean\":true}")
        #expect(odd.birthDate == nil && odd.address == ["At sea"] && odd.isDeceased && odd.deceasedAt == nil)
        #expect(try card("{\"name\":[{\"text\":\"Only Text\"}]}").displayName == "Only Text")
        #expect(
            try card("{\"name\":[{\"use\":\"old\",\"family\":\"Last\"}],\"deceasedBoolean\":false}").displayName
                == "Last")
        #expect(PatientCard.extract(bytes: Array("{".utf8)) == nil)
    }

    @Test(arguments: [
        ("{\"text\":\"Fever\",\"coding\":[{\"display\":\"x\"}]}", "Fever"),
        ("{\"coding\":[{\"code\":\"1\"},{\"display\":\"D\"}]}", "D"),
        ("{\"coding\":[{\"code\":\"1\"}]}", "1"), ("{\"system\":\"s\",\"code\":\"AMB\"}", "AMB"),
        ("{\"text\":\"\"}", nil), ("{}", nil),
    ])
    func conceptsHaveWords(_ text: String, _ words: String?) throws {
        #expect(CodeableConcept(try JSONDocument.parse(text).root).display == words)
    }

    @Test func referencesAreTakenApart() throws {
        guard case .resource("Patient", "7") = Reference("http://h/fhir/Patient/7/_history/2").target,
            case .conditional("Patient", "identifier=a|b") = Reference("Patient?identifier=a|b").target,
            case .contained = Reference("#x").target, case .urn = Reference("urn:oid:1.2").target,
            case .other = Reference("http://example.org/").target, case .other = Reference("a/b/c").target
        else {
            Issue.record("a reference was taken apart wrongly")
            return
        }
        #expect(Reference(element: try JSONDocument.parse("{\"display\":\"x\"}").root) == nil)
        #expect(Reference(element: try JSONDocument.parse("{\"reference\":\"A/1\"}").root)?.text == "A/1")
    }
}
