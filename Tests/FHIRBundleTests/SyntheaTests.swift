// SPDX-License-Identifier: Apache-2.0

import Codecs
import FHIRBundle
import Foundation
import Testing

@Suite("Synthea")
struct SyntheaTests {
    @Test func everyResourceHasTheRightOwner() throws {
        guard let files = Corpora.files("synthea") else { return }
        var (resources, institution, refused) = (0, 0, 0)
        var patients: Set<PatientKey> = []
        var time = Duration.zero
        for url in files where url.pathExtension == "bz2" {
            let bytes = try unpackBzip2([UInt8](try Data(contentsOf: url)))
            var owners: [Owner] = []
            time += try ContinuousClock().measure { owners = Ownership.resolve(try BundleFile.parse(bytes)) }
            resources += owners.count
            let own = owners.filter { $0 == .institution }.count
            institution += own
            for owner in owners {
                if case .patient(let key) = owner { patients.insert(key) }
                if case .refused = owner { refused += 1 }
            }
            let hasPatient = !url.lastPathComponent.hasPrefix("0-")
            #expect(own == (hasPatient ? 0 : owners.count), "\(url.lastPathComponent)")
        }
        print(
            "Synthea: \(patients.count) patients, \(resources) resources,",
            "\(institution) of them the institution's, \(time)"
        )
        #expect(patients.count == 40)
        #expect(resources == 27_095)
        #expect(institution == 778)
        #expect(refused == 0)
    }

    @Test func everyPatientHasACard() throws {
        guard let files = Corpora.files("synthea") else { return }
        var cards: [PatientCard] = []
        for url in files where url.pathExtension == "bz2" {
            let file = try BundleFile.parse(try unpackBzip2([UInt8](try Data(contentsOf: url))))
            for entry in file.entries where entry.resourceType == "Patient" {
                cards.append(try #require(PatientCard.extract(bytes: Array(file.resource(entry)))))
            }
        }
        #expect(cards.count == 40)
        #expect(cards.allSatisfy { $0.family != nil && !$0.given.isEmpty && $0.birthDate != nil && $0.gender != nil })
        #expect(cards.allSatisfy { card in card.identifiers.contains { $0.typeCode == "MR" } && !card.address.isEmpty })
    }
}
