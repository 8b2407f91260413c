// SPDX-License-Identifier: Apache-2.0

package import Building
import Codecs
package import Kernel
import Ledger
import Store

extension VaultPractice {
    /// How many versions of records there are.
    package static func recordCount(in house: House) async throws -> Int64 {
        try await house.store.read { tx in try tx.row("SELECT count(*) FROM vault_records")?.integer(0) ?? 0 }
    }

    /// The fact that somebody of the demonstration read a chart.
    package static func syntheticReading(
        by person: Identifier<Person>, on subject: [UInt8], rules: [String], protected: [ProtectedClass],
        at moment: Instant
    ) -> Fact {
        Fact(
            VaultFacts.chartRead, by: .person(person), on: subject, effective: moment,
            [
                .init("protected", .array(protected.map { .string($0.rawValue) })),
                .init("rules", .array(rules.map { .string($0) })), .init("section", "summary"),
            ])
    }

    /// The fact that somebody of the demonstration looked a patient up.
    package static func syntheticSearch(by person: Identifier<Person>, at moment: Instant) -> Fact {
        Fact(VaultFacts.patientsSearched, by: .person(person), effective: moment, [.init("results", 1)])
    }

    /// Patients in the order in which they were taken in, with the pseudonyms under which they stand in the log.
    package static func patients(
        in house: House
    ) async throws -> [(patient: Identifier<Patient>, subject: [UInt8])] {
        try await house.store.read { tx in
            try tx.rows("SELECT id, subject FROM vault_patients ORDER BY id", []).map { row in
                guard let id = Identifier<Patient>(bytes: try row.bytes(0)) else {
                    throw Fault(.damaged, "A patient in the store has an id that is none.")
                }
                return (id, try row.bytes(1))
            }
        }
    }
}
