// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Keyring
import Ledger
import Logging
import Store
import TestSupport

@testable import Vault

/// A house with nothing but a vault in it.
struct VaultFixture: Sendable {
    let house: House
    let records: RecordStore
    let folder: String
    let location: StoreLocation
    let clock: ManualClock

    static let operatorReference = EntityReference.operator(uid: 7)

    static func with(
        _ dialect: StoreDialect, isolation: isolated (any Actor)? = #isolation,
        _ body: (VaultFixture) async throws -> Void
    ) async throws {
        let migrations = EvidenceLog.migrations + Keyring.migrations + VaultPractice.migrations
        try await StoreFixture.with(dialect, migrations: migrations) { fixture in
            let store = fixture.database
            let keyring = try await Keyring.open(store, keyFile: KeyFile(path: fixture.folder + "/keys/test.key"))
            let tiles: any TileStore =
                dialect == .sqlite ? FileTileStore(folder: fixture.folder + "/store/ledger") : TableTileStore(store)
            let ledger = try await EvidenceLog(
                store: store, tiles: tiles, signingKey: try await keyring.secret(named: "ledger-signing"),
                institution: keyring.institution, logger: Logger(label: "test"))
            let house = House(
                ledger: ledger, store: store, clock: fixture.clock, directory: Nobody(), authorizer: Everything(),
                keyring: keyring)
            try await body(
                VaultFixture(
                    house: house, records: try await RecordStore(house), folder: fixture.folder,
                    location: fixture.location, clock: fixture.clock))
        }
    }

    /// Takes a file's content in.
    @discardableResult
    func take(_ content: String) async throws -> ImportOutcome {
        try await take(Array(content.utf8))
    }

    @discardableResult
    func take(_ content: [UInt8]) async throws -> ImportOutcome {
        // Leaves of one moment stand in the log in any order.
        clock.advance(by: .seconds(1))
        return try await RecordImport(records).take(content, by: Self.operatorReference)
    }

    /// Takes files in and returns the outcome of each.
    func take(files: [SourceFile]) async throws -> [ImportOutcome] {
        let outcomes = Outcomes()
        try await RecordImport(records).take(files, by: Self.operatorReference) { _, outcome in
            outcomes.append(outcome)
        }
        return outcomes.all
    }

    /// The leaves of one kind, newest first, after everything pending was placed.
    func leaves(_ kind: FactKind, limit: Int64 = 1_000) async throws -> [Ledger.Leaf] {
        try await house.ledger.settle()
        var query = LeafQuery(limit: limit)
        query.kind = kind.id
        return try await house.ledger.leaves(query).map(\.leaf)
    }

    func inventory() async throws -> Inventory {
        try await records.inventory()
    }

    /// The one patient that a search finds.
    func patient(_ query: String) async throws -> FoundPatient? {
        let matches = try await records.search(query, actor: Self.operatorReference, masks: [])
        return matches.patients.count == 1 ? matches.patients.first : nil
    }
}

extension ImportOutcome {
    var isImported: Bool {
        if case .imported = self { true } else { false }
    }
}

/// A bundle that is written down in a test.
enum Sample {
    static func collection(_ resources: String...) -> String {
        let entries = resources.map { "{\"resource\":\($0)}" }.joined(separator: ",")
        return "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[\(entries)]}"
    }

    static func transaction(_ entries: String...) -> String {
        "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[\(entries.joined(separator: ","))]}"
    }

    static func patient(_ id: String, family: String = "Muster", extra: String = "") -> String {
        """
        {"resourceType":"Patient","id":"\(id)","name":[{"family":"\(family)","given":["Anna"]}],\
        "birthDate":"1980-05-31","gender":"female"\(extra)}
        """
    }

    static func observation(_ id: String, of patient: String, value: String = "5.4") -> String {
        """
        {"resourceType":"Observation","id":"\(id)","status":"final","subject":{"reference":"Patient/\(patient)"},\
        "code":{"coding":[{"system":"http://loinc.org","code":"4548-4","display":"HbA1c"}]},\
        "effectiveDateTime":"2021-04-03T08:03:00+02:00","valueQuantity":{"value":\(value),"unit":"%"}}
        """
    }
}
