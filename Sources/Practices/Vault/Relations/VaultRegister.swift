// SPDX-License-Identifier: Apache-2.0

import Building
package import Kernel
import Store

/// The vault's answers to what rules ask about patients.
package struct VaultRegister: PatientRegister {
    private let records: RecordStore

    /// The register of these records.
    package init(_ records: RecordStore) {
        self.records = records
    }

    package func relations(of patient: Identifier<Patient>) async throws -> PatientRelations? {
        try await records.sheet(of: patient)?.relations(of: patient, at: records.house.clock.now())
    }

    package func allRelations() async throws -> [PatientRelations] {
        let sheets = try await records.allSheets()
        let now = records.house.clock.now()
        return sheets.map { $0.sheet.relations(of: $0.patient, at: now) }
    }

    package func subject(of patient: Identifier<Patient>) async throws -> [UInt8]? {
        try await records.house.store.read { tx in
            try tx.row("SELECT subject FROM vault_patients WHERE id = ?", [.bytes(patient.bytes)])?.bytes(0)
        }
    }

    package func patient(system: String, number: String) async throws -> Identifier<Patient>? {
        let mac = records.index.identifier(
            type: PatientNumbers.type, system: Array(system.utf8), value: Array(number.utf8))
        return try await records.house.store.read { tx in try PatientNumbers.patient(mac, in: tx) }
    }

    package func name(of patient: Identifier<Patient>) async throws -> String? {
        let card = try await records.house.store.read { [records] tx in
            try tx.row("SELECT card FROM vault_patients WHERE id = ?", [.bytes(patient.bytes)]).map {
                SearchCard(showing: try $0.bytes(0), records.cardKey, of: patient)
            }
        }
        return card.flatMap { $0.isDamaged ? nil : $0 }.map { card in
            [card.name.isEmpty ? "Without a name" : card.name, card.birthDate].filter { !$0.isEmpty }
                .joined(separator: ", born ")
        }
    }
}
