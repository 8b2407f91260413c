// SPDX-License-Identifier: Apache-2.0

/// The organization, its places and its people, as charts refer to them.
struct Staffing {
    static let name = "Salus Demo Clinic"

    let people: [Person]
    let organizationID: String
    let locationIDs: [String]

    init(people: [Person], seed: UInt64) {
        var ids = SplitMix64(seed: seed, stream: .organization, index: 0)
        self.people = people
        organizationID = ids.uuid()
        locationIDs = Staffing.locations.map { _ in ids.uuid() }
    }

    static let locations =
        ["Main practice, ground floor", "Children's practice, first floor", "Laboratory"] + departments
    /// Where patients stay.
    static let departments = ["Emergency", "Internal medicine", "Maternity"]

    var organization: JSON {
        reference(to: "Organization", organizationID, display: Staffing.name)
    }

    func practitioner(_ index: Int) -> JSON {
        reference(to: "Practitioner", people[index].id, display: people[index].displayName)
    }

    /// Where a patient of that physician is seen.
    func location(forPhysician index: Int) -> JSON {
        let place = people[index].jobTitle == "Paediatrician" ? 1 : 0
        return reference(to: "Location", locationIDs[place], display: Staffing.locations[place])
    }

    /// The place that a department is.
    func location(ofDepartment name: String) -> JSON {
        let place = Staffing.locations.firstIndex(of: name) ?? 0
        return reference(to: "Location", locationIDs[place], display: Staffing.locations[place])
    }

    /// Organization, Locations and Practitioners as one transaction bundle in UTF-8.
    func bundle(seed: UInt64) -> [UInt8] {
        var writer = BundleWriter(ids: SplitMix64(seed: seed, stream: .organization, index: 1))
        addOrganization(to: &writer)
        for (name, id) in zip(Staffing.locations, locationIDs) { addLocation(name, id, to: &writer) }
        for person in people where person.treatsPatients { addPractitioner(person, to: &writer) }
        return writer.bytes
    }

    private func addOrganization(to writer: inout BundleWriter) {
        let address: JSON = ["line": ["1 Lanternmaker Street"], "city": "Lindenhaven", "postalCode": "00112"]
        let type = Coding.hl7("organization-type", "prov", "Healthcare Provider")
        writer.add(
            "Organization", id: organizationID,
            [
                ("identifier", [["system": "https://demo-clinic.example/organization", "value": "salus-demo-clinic"]]),
                ("active", true), ("type", [type.concept]), ("name", .text(Staffing.name)),
                ("telecom", [["system": "phone", "value": "+1-555-555-0100", "use": "work"]]), ("address", [address]),
            ])
    }

    private func addLocation(_ name: String, _ id: String, to writer: inout BundleWriter) {
        writer.add(
            "Location", id: id,
            [
                ("status", "active"), ("name", .text(name)), ("mode", "instance"),
                ("managingOrganization", reference(toUUID: organizationID)),
            ])
    }

    private func addPractitioner(_ person: Person, to writer: inout BundleWriter) {
        let name: JSON = [
            "use": "official", "family": .text(person.familyName), "given": [.text(person.givenName)],
            "prefix": person.roles.contains(.physician) ? ["Dr."] : .absent,
        ]
        writer.add(
            "Practitioner", id: person.id,
            [
                (
                    "identifier",
                    [
                        ["system": "http://hl7.org/fhir/sid/us-npi", "value": .optional(person.npi)],
                        ["system": "https://demo-clinic.example/staff", "value": .text(person.email)],
                    ]
                ),
                ("active", true), ("name", [name]),
                ("telecom", [["system": "email", "value": .text(person.email), "use": "work"]]),
                ("qualification", [["code": ["text": .text(person.jobTitle)]]]),
            ])
    }
}

extension Person {
    var displayName: String {
        (roles.contains(.physician) ? "Dr. " : "") + givenName + " " + familyName
    }

    /// Physicians and nurses.
    var treatsPatients: Bool {
        roles.contains(.physician) || roles.contains(.nurse)
    }
}
