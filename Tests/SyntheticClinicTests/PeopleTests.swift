// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SyntheticClinic

@Suite struct PeopleTests {
    @Test func everyRoleIsFilled() {
        let roles = Set(Samples.clinic.people.flatMap(\.roles))
        #expect(roles == Set(Role.allCases))
        #expect(Samples.clinic.people.filter { $0.roles.contains(.physician) }.count >= 4)
        #expect(Samples.clinic.people.count == 14)
    }

    @Test func roleIdentifiersAreTheProductsOwn() {
        let ids = ["administrator", "physician", "nurse", "front-desk", "privacy-officer", "auditor"]
        #expect(Role.allCases.map(\.rawValue) == ids)
    }

    @Test func addressesAreDistinctAndFictional() {
        let addresses = Samples.clinic.people.map(\.email)
        #expect(Set(addresses).count == addresses.count)
        #expect(addresses.allSatisfy { $0.hasSuffix("@demo-clinic.example") })
        #expect(Samples.clinic.people[0].email == "noor.hallvarden@demo-clinic.example")
    }

    @Test func everybodyStartedOnAWorkingDayInThePast() {
        for person in Samples.clinic.people {
            #expect(person.startDate < Samples.today)
            #expect(ClinicDate.isWorkingDay(person.startDate.dayNumber))
        }
    }

    @Test func whoTreatsWasThereBeforeTheFirstVisit() throws {
        let firstDays = Samples.clinic.visits.compactMap { $0.first?.day }
        let first = try #require(firstDays.min())
        for person in Samples.clinic.people where person.treatsPatients {
            #expect(person.startDate.dayNumber < first)
        }
    }

    @Test func recordNumbersAndNamesAreDistinct() {
        let patients = Samples.clinic.patients
        #expect(patients.count == 100)
        #expect(Set(patients.map(\.medicalRecordNumber)).count == 100)
        #expect(Set(patients.map { "\($0.givenNames[0]) \($0.familyName)" }).count == 100)
        #expect(Set(patients.map(\.id)).count == 100)
    }

    @Test func namesComeFromManyOrigins() {
        let given = Set(NamePool.all.flatMap { $0.feminine + $0.masculine })
        let families = Set(NamePool.all.flatMap(\.families))
        #expect(given.count >= 120)
        #expect(families.count >= 120)
        #expect(families.contains("Van der Velden"))
    }

    @Test func mailboxesAreASCIIWithoutLosingALetter() {
        for name in NamePool.all.flatMap({ $0.feminine + $0.masculine + $0.families }) {
            let letters = name.unicodeScalars.filter { $0 != "'" && $0 != " " }.count
            #expect(mailboxName(name).utf8.count == letters, "\(name)")
        }
    }

    @Test func childrenSeeThePaediatrician() {
        let clinic = Samples.clinic
        for patient in clinic.patients {
            let isForChildren = clinic.people[patient.physician].jobTitle == "Paediatrician"
            #expect(isForChildren == (patient.age(on: Samples.today.dayNumber) < 17), "\(patient.index)")
        }
    }
}
