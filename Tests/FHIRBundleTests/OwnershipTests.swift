// SPDX-License-Identifier: Apache-2.0

import FHIRBundle
import Testing

@Suite("Whose key seals an entry")
struct OwnershipTests {
    private let ana =
        "{\"resourceType\":\"Patient\",\"id\":\"ana\",\"identifier\":[{\"system\":\"s\",\"value\":\"1 1\"}]}"
    private let ben =
        "{\"resourceType\":\"Patient\",\"id\":\"ben\",\"identifier\":[{\"system\":\"s\",\"value\":\"2\"}]}"
    private let owner = Owner.patient(.id("ana"))

    /// The owner of the last resource of a collection.
    private func ownerOfLast(_ resources: String...) throws -> Owner {
        try #require(Ownership.resolve(try BundleFile.collection(resources)).last)
    }

    @Test(arguments: [
        "Patient/ana", "urn:uuid:0", "https://ehr.example/fhir/Patient/ana", "Patient/ana/_history/3",
        "Patient?identifier=s|1%201", "Patient?identifier=s%7C1+1", "Patient?identifier=1%201",
        "https://ehr.example/fhir/Patient?identifier=s|1%201",
    ])
    func everyFormOfReferenceLeadsToThePatient(_ reference: String) throws {
        let record = "{\"resourceType\":\"Observation\",\"subject\":{\"reference\":\"\(reference)\"}}"
        #expect(try ownerOfLast(ana, ben, record) == owner)
    }

    @Test(arguments: [
        ("Patient/carl", Owner.patient(.id("carl"))),
        ("Patient?identifier=s|9", .patient(.identifier(system: "s", value: "9"))),
        ("urn:uuid:9", .refused(.unresolvedReference)), ("Patient?name=x", .refused(.unresolvedReference)),
        ("Patient?identifier=s|1&name=x", .refused(.unresolvedReference)),
        ("Patient?identifier=s|%2", .refused(.unresolvedReference)),
        ("Patient?identifier=", .refused(.unresolvedReference)), ("Group/1", .institution), ("#p", .institution),
        ("patient", .refused(.unresolvedReference)), ("Patient/", .refused(.unresolvedReference)),
        ("Patient/a b", .refused(.unresolvedReference)), ("", .refused(.unresolvedReference)),
    ])
    func referencesThatLeadElsewhere(_ reference: String, _ expected: Owner) throws {
        let record = "{\"resourceType\":\"Observation\",\"subject\":{\"reference\":\"\(reference)\"}}"
        #expect(try ownerOfLast(ana, ben, record) == expected)
    }

    @Test func logicalReferencesByIdentifier() throws {
        func record(_ type: String, _ value: String) -> String {
            "{\"resourceType\":\"Flag\",\"subject\":{\(type)\"identifier\":{\"system\":\"s\",\"value\":\"\(value)\"}}}"
        }
        #expect(try ownerOfLast(ana, ben, record("", "1 1")) == owner)
        #expect(
            try ownerOfLast(ana, ben, record("\"type\":\"Patient\",", "9"))
                == .patient(.identifier(system: "s", value: "9")))
        #expect(try ownerOfLast(ana, ben, record("\"type\":\"Group\",", "1 1")) == .institution)
        #expect(try ownerOfLast(ana, ben, record("", "9")) == .institution)
    }

    @Test(arguments: ["7", "\"Patient/ana\"", "{\"reference\":7}", "[[\"Patient/ana\"]]"])
    func subjectsOfAnotherFormAreRefused(_ subject: String) throws {
        let record = "{\"resourceType\":\"Flag\",\"subject\":\(subject)}"
        #expect(try ownerOfLast(ana, record) == .refused(.unresolvedReference))
    }

    @Test func aPatientWithoutIdIsKnownByFullURL() throws {
        let record = "{\"resourceType\":\"Flag\",\"subject\":{\"reference\":\"urn:uuid:0\"}}"
        #expect(try ownerOfLast("{\"resourceType\":\"Patient\"}", record) == .patient(.fullURL("urn:uuid:0")))
        let nameless = Ownership.resolve(try BundleFile.parse("{\"resourceType\":\"Patient\"}"))
        #expect(nameless == [.refused(.unresolvedReference)])
    }

    @Test func patientsOwnThemselvesWhateverTheyLinkTo() throws {
        let linked =
            "{\"resourceType\":\"Patient\",\"id\":\"x\",\"link\":[{\"other\":{\"reference\":\"Patient/ana\"}}]}"
        #expect(try ownerOfLast(ana, linked) == .patient(.id("x")))
    }

    @Test func primaryElementsWin() throws {
        let record = """
            {"resourceType":"Observation","subject":{"reference":"Patient/ana"},
            "performer":[{"reference":"Patient/ben"}]}
            """
        #expect(try ownerOfLast(ana, ben, record) == owner)
        let performed =
            """
            {"resourceType":"Observation","performer":[{"reference":"Practitioner/1"},{"reference":"Patient/ana"}]}
            """
        #expect(try ownerOfLast(ana, ben, performed) == owner)
        let outside = "{\"resourceType\":\"Observation\",\"performer\":[{\"reference\":\"urn:uuid:9\"}]}"
        #expect(try ownerOfLast(ana, ben, outside) == .institution)
    }

    @Test(arguments: [
        "{\"resourceType\":\"Account\",\"subject\":[{\"reference\":\"Patient/ana\"},{\"reference\":\"Patient/ben\"}]}",
        """
        {"resourceType":"Communication","sender":{"reference":"Patient/ana"},"recipient":[{"reference":"Patient/ben"}]}
        """,
        """
        {"resourceType":"Appointment","participant":[{"actor":{"reference":"Patient/ana"}},
        {"actor":{"reference":"urn:uuid:1"}}]}
        """,
        "{\"resourceType\":\"Provenance\",\"target\":[{\"reference\":\"urn:uuid:0\"},{\"reference\":\"urn:uuid:1\"}]}",
    ])
    func twoPatientsAreRefused(_ record: String) throws {
        #expect(try ownerOfLast(ana, ben, record) == .refused(.twoPatients))
    }

    @Test func theSamePatientTwiceIsOne() throws {
        let record =
            """
            {"resourceType":"Account","subject":[{"reference":"Patient/ana"},{"reference":"urn:uuid:0"}]}
            """
        #expect(try ownerOfLast(ana, record) == owner)
    }

    @Test func theOnlyPatientOwnsWhatTheirRecordsReference() throws {
        let order =
            """
            {"resourceType":"MedicationRequest","subject":{"reference":"urn:uuid:0"},
            "medicationReference":{"reference":"urn:uuid:2"}}
            """
        let drug = "{\"resourceType\":\"Medication\",\"manufacturer\":{\"reference\":\"urn:uuid:3\"}}"
        let maker = "{\"resourceType\":\"Organization\",\"id\":\"o\"}"
        let owners = Ownership.resolve(try BundleFile.collection([ana, order, drug, maker]))
        #expect(owners == [owner, owner, owner, .institution])
        let two = Ownership.resolve(try BundleFile.collection([ana, order, drug, maker, ben]))
        #expect(two == [owner, owner, .institution, .institution, .patient(.id("ben"))])
    }

    @Test func bundlesOfOneFileDoNotMix() throws {
        func bundle(_ resources: String) -> String {
            "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[\(resources)]}"
        }
        let patient = "{\"fullUrl\":\"urn:uuid:0\",\"resource\":\(ana)}"
        let flag = "{\"resource\":{\"resourceType\":\"Flag\",\"subject\":{\"reference\":\"urn:uuid:0\"}}}"
        let file = try BundleFile.parse(
            """
            \(ben)
            \(bundle(patient))
            \(bundle(flag))
            {"resourceType":"Flag","subject":{"reference":"Patient/ben"}}
            """
        )
        #expect(
            Ownership.resolve(file) == [
                .patient(.id("ben")), owner, .refused(.unresolvedReference), .patient(.id("ben")),
            ])
    }

    @Test func unknownTypesAreRefused() throws {
        #expect(try ownerOfLast("{\"resourceType\":\"Spaceship\"}") == .refused(.unknownType))
        #expect(try ownerOfLast("{\"resourceType\":\"Location\"}") == .institution)
    }

    /// One record for each row of the table whose element R4 lets name a patient.
    @Test(arguments: [
        "AdverseEvent subject", "AllergyIntolerance asserter", "AppointmentResponse actor", "Basic author",
        "BodyStructure patient",
        "CarePlan activity.detail.performer", "CareTeam participant.member", "Claim payee.party",
        "ClaimResponse patient",
        "Composition attester.party", "Condition asserter", "Coverage beneficiary", "Coverage payor",
        "Coverage policyHolder",
        "DeviceRequest performer", "Device patient", "EnrollmentRequest candidate", "ExplanationOfBenefit payee.party",
        "Group member.entity", "Invoice recipient", "List source", "MedicationAdministration performer.actor",
        "MedicationDispense receiver", "Person link.target", "Procedure performer.actor",
        "RequestGroup action.participant",
        "ResearchSubject individual", "Schedule actor", "SupplyRequest deliverTo", "SupplyDelivery patient", "Task for",
        "AuditEvent agent.who", "AuditEvent entity.what", "DocumentReference author", "ImagingStudy subject",
        "Immunization patient",
    ])
    func elementsOfTheCompartment(_ row: String) throws {
        let words = row.split(separator: " ")
        let path = try #require(words.last).split(separator: ".")
        let value = path.reversed().reduce("{\"reference\":\"Patient/ana\"}") { "{\"\($1)\":[\($0)]}" }
        let record = "{\"resourceType\":\"\(words[0])\"," + value.dropFirst()
        #expect(try ownerOfLast(record) == owner)
    }
}
