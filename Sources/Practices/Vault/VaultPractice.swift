// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
package import Building
package import Kernel
package import Store
package import Web

/// Practice 3: patient records, sealed at rest, and every reading of them in the log.
package struct VaultPractice: Practice {
    package static let name = PracticeName.encryption
    package static let migrations = VaultMigrations.all
    package static let facts = VaultFacts.all
    package static let actions = VaultActions.all
    package static let measures = [SealedAtRest.measure]
    package static let commands: [any AsyncParsableCommand.Type] = [RecordsCommand.self]

    /// The sealed records.
    package let records: RecordStore
    private let house: House

    package init(_ house: House) async throws {
        self.house = house
        records = try await RecordStore(house)
    }

    package var navigation: [NavigationPlace] {
        [
            NavigationPlace(
                "Patients", path: "/records", action: VaultActions.searchPatients, in: .care, order: 10,
                summary: "Find a patient and open the chart.", synonyms: "records charts search",
                search: PlaceSearch("patients", field: "q", isInAddress: false))
        ]
    }

    package var jobs: [Job] {
        [OpeningRounds.job(house), FilePointerRound.job(records), PatientNumberRound.job(records)]
    }

    package var probes: [Probe] { [SealedAtRest.probe(house)] }

    package var patients: (any PatientRegister)? { VaultRegister(records) }

    package func routes(_ site: inout Site) {
        let pages = RecordPages(records: records, house: house)
        let patient: @Sendable (PageRequest) -> EntityReference = { request in
            EntityReference(type: "patient", id: request.parameters["patient"] ?? "")
        }
        site.get("/records", VaultActions.searchPatients) { try await pages.search($0) }
        site.post("/records", VaultActions.searchPatients) { try pages.find($0) }
        site.get("/records/{patient}", VaultActions.readChart, on: patient) { try await pages.chart($0) }
        site.get("/records/{patient}/{record}", VaultActions.readChart, on: patient) { try await pages.record($0) }
    }

    /// Takes synthetic Bundles in on the same way as files, for the demonstration.
    ///
    /// - Returns: how many records were taken in.
    /// - Throws: `Fault` when the store fails or a Bundle is refused.
    @discardableResult
    package static func importSynthetic(
        bundles: [[UInt8]], into house: House, progress: @Sendable (Int) -> Void = { _ in }
    ) async throws -> Int {
        try await house.store.read { tx in try HouseRegister.demandSynthetic(tx) }
        let importing = RecordImport(try await RecordStore(house))
        var count = 0
        for (index, bytes) in bundles.enumerated() {
            switch try await importing.take(bytes, by: .system) {
            case .imported(let tally): count += tally.stored
            case .known: break
            case .refused(let problem): throw Fault(.internal, "A synthetic Bundle was refused: \(problem)")
            }
            progress(index + 1)
        }
        return count
    }
}
