// SPDX-License-Identifier: Apache-2.0

extension Chart {
    func addPatient(to writer: inout BundleWriter, _ clinic: Staffing) -> JSON {
        var random = SplitMix64(seed: ~seed, stream: .identity, index: patient.index)
        let contact = [phone] + email(&random)
        return writer.add(
            "Patient", id: patient.id,
            [
                ("identifier", identifiers(&random)), ("active", .flag(patient.deathDate == nil)), ("name", names),
                ("telecom", .array(contact)), ("gender", .text(patient.sex.rawValue)),
                ("birthDate", .text(patient.birthDate.description)),
                ("deceasedDateTime", .optional(patient.deathDate?.description)), ("address", [address(&random)]),
                ("generalPractitioner", [clinic.practitioner(patient.physician)]),
                ("managingOrganization", clinic.organization),
            ])
    }

    private func identifiers(_ random: inout SplitMix64) -> JSON {
        let record = Coding.hl7("v2-0203", "MR", "Medical record number")
        let member = Coding.hl7("v2-0203", "MB", "Member Number")
        let number = "HF-\(random.draw(100...999))-\(random.draw(10_000...99_999))\(patient.index)"
        return [
            [
                "use": "usual", "type": record.concept, "system": "https://demo-clinic.example/mrn",
                "value": .text(patient.medicalRecordNumber),
            ],
            [
                "type": member.concept, "system": "https://harbour-fund.example/member", "value": .text(number),
                "assigner": ["display": "Harbour Health Fund"],
            ],
        ]
    }

    private var names: JSON {
        let given = JSON.array(patient.givenNames.map(JSON.text))
        let official: JSON = ["use": "official", "family": .text(patient.familyName), "given": given]
        guard let maidenName = patient.maidenName else { return [official] }
        return [official, ["use": "maiden", "family": .text(maidenName), "given": given]]
    }

    // 555-0101 to 555-0199 are kept free for fiction; one line is shared, as in any family.
    private var phone: JSON {
        let line = 101 + patient.index % 99
        return ["system": "phone", "value": .text("+1-555-555-0\(line)"), "use": "home"]
    }

    private func email(_ random: inout SplitMix64) -> [JSON] {
        let domain = random.pick(["mail.example", "post.example", "home.example"])
        guard patient.age(on: today) >= 16, random.chance(840) else { return [] }
        let mailbox = mailboxName(patient.givenNames[0]) + "." + mailboxName(patient.familyName)
        return [["system": "email", "value": .text("\(mailbox)@\(domain)"), "use": "home"]]
    }

    private func address(_ random: inout SplitMix64) -> JSON {
        let street = "\(random.draw(1...148)) \(random.pick(Places.streets))"
        let door = "Apartment \(random.draw(1...24))"
        let town = random.pick(Places.towns)
        let lines: JSON = random.chance(360) ? [.text(street), .text(door)] : [.text(street)]
        return ["use": "home", "line": lines, "city": .text(town.name), "postalCode": .text(town.postalCode)]
    }
}
