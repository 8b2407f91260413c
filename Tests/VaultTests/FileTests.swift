// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Ledger
import Store
import TestSupport
import Testing
import Web

@testable import Vault

/// Files (`Binary`) are there for those only for whom the records are there that point at them.
@Suite("Files of records")
struct FileTests {
    private static let label = "\"meta\":{\"security\":[{\"code\":\"PSYTHPN\"}]},"
    private static let secret = "c2VjcmV0LXRleHQ="
    private static let list =
        "{\"resourceType\":\"List\",\"id\":\"l1\",\"status\":\"current\",\"mode\":\"working\",\"title\":\"Papers\","
        + "\"subject\":{\"reference\":\"Patient/p1\"},\"entry\":[{\"item\":{\"reference\":\"Binary/b1\"}}]}"

    private static func document(
        _ id: String, of patient: String = "p1", at url: String = "Binary/b1", labelled: Bool = true
    ) -> String {
        """
        {"resourceType":"DocumentReference","id":"\(id)",\(labelled ? label : "")"status":"current",\
        "subject":{"reference":"Patient/\(patient)"},"content":[{"attachment":{"url":"\(url)"}}]}
        """
    }

    private static func file(_ id: String = "b1", context: String? = nil) -> String {
        let context = context.map { ",\"securityContext\":{\"reference\":\"\($0)\"}" } ?? ""
        return
            "{\"resourceType\":\"Binary\",\"id\":\"\(id)\",\"contentType\":\"text/plain\",\"data\":\"\(secret)\"\(context)}"
    }

    /// A house with two patients, and how three readers see a record of it.
    private struct Ward {
        let vault: VaultFixture
        let one: Identifier<Patient>
        let other: Identifier<Patient>

        /// Of no class; of all; of all but with masks.
        enum Reader {
            case nurse
            case therapist
            case masked(String)
        }

        init(_ vault: VaultFixture) async throws {
            self.vault = vault
            try await vault.take(Sample.patient("p1"))
            try await vault.take(Sample.patient("p2", family: "Other"))
            one = try #require(try await vault.patient("muster")).id
            other = try #require(try await vault.patient("other")).id
        }

        func sight(_ reader: Reader) -> ChartSight {
            switch reader {
            case .nurse: ChartSight(rules: ["r"], masks: [], hidden: Set(ProtectedClass.allCases))
            case .therapist:
                ChartSight(
                    rules: ["r"], masks: [], hidden: [],
                    classRules: Dictionary(uniqueKeysWithValues: ProtectedClass.allCases.map { ($0, [$0.rawValue]) }))
            case .masked(let mask): ChartSight(rules: ["r"], masks: [mask], hidden: [])
            }
        }

        func id(_ type: String, _ name: String) async throws -> Identifier<Record> {
            let lookup = vault.records.index.lookup(type: type, id: name)
            return try await vault.house.store.read { tx in try #require(try SealedRow.find(lookup: lookup, in: tx)).id
            }
        }

        /// Whether the reader sees a file; that one who does not leaves no trace is looked at each time.
        func sees(
            _ reader: Reader, _ name: String = "b1", in patient: Identifier<Patient>? = nil
        ) async throws -> Bool {
            let record = try await id("Binary", name)
            let before = try await vault.leaves(VaultFacts.recordRead).count
            do {
                vault.clock.advance(by: .seconds(1))
                let opened = try await vault.records.linkedRecord(
                    record, in: patient ?? one, actor: .system, sight: sight(reader))
                return opened.record.root["data"]?.string != nil
            } catch let fault as Fault {
                #expect(fault.code == .notFound && fault.message == RecordStore.missing.message)
                #expect(try await vault.leaves(VaultFacts.recordRead).count == before)
                return false
            }
        }

        /// The kinds of records to which a document's page leads.
        func links(_ reader: Reader, from document: String) async throws -> [String] {
            try await vault.records.linkedRecord(
                try await id("DocumentReference", document), in: one, actor: .system, sight: sight(reader)
            ).links.map(\.destination.type)
        }

        /// Everything that a reader finds of a chart: kinds with their counts, and what the records say.
        func everything(_ reader: Reader) async throws -> (counts: [String: Int64], text: String) {
            let chart = try await vault.records.chart(of: one, .export, actor: .system, sight: sight(reader))
            let text = chart.records.values.joined().map { String(decoding: $0.stored.bytes, as: UTF8.self) }.joined()
            return (Dictionary(uniqueKeysWithValues: chart.counts.map { ($0.type, $0.count) }), text)
        }
    }

    private static func with(_ dialect: StoreDialect, _ body: (Ward) async throws -> Void) async throws {
        try await VaultFixture.with(dialect) { vault in try await body(try await Ward(vault)) }
    }

    @Test(arguments: StoreFixture.dialects)
    func aFileHasTheClassAndThePatientOfItsDocument(_ dialect: StoreDialect) async throws {
        try await Self.with(dialect) { ward in
            try await ward.vault.take(Sample.collection(Sample.patient("p1"), Self.document("d1"), Self.file()))
            #expect(try await !ward.sees(.nurse))
            #expect(try await ward.sees(.therapist))
            let leaf = try #require(try await ward.vault.leaves(VaultFacts.recordRead).first)
            #expect(leaf.data["protected"] == .array([.string("psychotherapy")]))
            #expect(leaf.data["rules"] == .array([.string("r"), .string("psychotherapy")]))
            #expect(try await leaf.on == VaultRegister(ward.vault.records).subject(of: ward.one))
            for reader in [Ward.Reader.nurse, .therapist] {
                #expect(try await !ward.sees(reader, in: ward.other), "it is not the other patient's")
            }
            // An unlabelled document besides does not help; only when both are of no class the file is.
            try await ward.vault.take(Self.document("d2", labelled: false))
            #expect(try await !ward.sees(.nurse))
            try await ward.vault.take(Self.document("d1", labelled: false))
            #expect(try await ward.sees(.nurse))
            try await ward.vault.take(Self.document("d2"))
            #expect(try await !ward.sees(.nurse), "a label that was added later")
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func theOrderDoesNotMatterAndNewerVersionsDo(_ dialect: StoreDialect) async throws {
        try await Self.with(dialect) { ward in
            try await ward.vault.take(Self.file())
            for reader in [Ward.Reader.nurse, .therapist] {
                #expect(try await !ward.sees(reader), "nothing points at it")
            }
            try await ward.vault.take(Self.document("d1", at: "https://old.test/fhir/Binary/b1/_history/2"))
            #expect(try await ward.sees(.therapist))
            #expect(try await !ward.sees(.nurse))
            try await ward.vault.take(Self.file().replacing(Self.secret, with: "bmV3"))
            #expect(try await !ward.sees(.nurse), "a newer version of the file")
            try await ward.vault.take(Self.document("d1", at: "Binary/b2"))
            #expect(try await !ward.sees(.therapist), "nothing points at it any more")
            try await ward.vault.take(Self.file("b2"))
            #expect(try await ward.sees(.therapist, "b2"))
            #expect(try await !ward.sees(.nurse, "b2"), "the document was there before the file")
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func theClassesOfAllRecordsOfTheHouseCount(_ dialect: StoreDialect) async throws {
        try await Self.with(dialect) { ward in
            try await ward.vault.take(Self.document("d1", labelled: false))
            try await ward.vault.take(Self.file())
            #expect(try await ward.sees(.nurse))
            try await ward.vault.take(Self.document("d2", of: "p2"))
            #expect(try await !ward.sees(.nurse))
            #expect(try await !ward.sees(.nurse, in: ward.other))
            #expect(try await ward.sees(.therapist))
            #expect(try await ward.sees(.therapist, in: ward.other))
            #expect(try await ward.links(.therapist, from: "d1") == ["Patient", "Binary"])
            #expect(try await ward.links(.nurse, from: "d1") == ["Patient"])
            // A record that does not open may be of any class.
            let id = try await ward.id("DocumentReference", "d2")
            try await ward.vault.take(Self.document("d2", of: "p2", labelled: false))
            #expect(try await ward.sees(.nurse))
            let current = try await ward.id("DocumentReference", "d2")
            #expect(current != id)
            try await ward.vault.house.store.write { tx in
                _ = try tx.execute(
                    "UPDATE vault_records SET sealed = ? WHERE id = ?", [.bytes([0]), .bytes(current.bytes)])
            }
            #expect(try await !ward.sees(.nurse))
            #expect(try await ward.sees(.therapist))
        }
    }

    /// A file of the patient, by the list that refers to it, so that it has a place in tabs and counts.
    @Test(arguments: StoreFixture.dialects)
    func aHiddenFileIsInNoCountListAndReference(_ dialect: StoreDialect) async throws {
        try await Self.with(dialect) { ward in
            try await ward.vault.take(Sample.collection(Sample.patient("p1"), Self.list, Self.file()))
            let open = try await ward.everything(.nurse)
            #expect(open.counts["Binary"] == 1 && open.text.contains(Self.secret) && open.text.contains("Binary/b1"))
            try await ward.vault.take(
                Sample.collection(
                    Self.document("d1"),
                    Self.document("d2", labelled: false).replacing(
                        "\"content\"", with: "\"description\":\"told again\",\"content\"")))
            let reduced = try await ward.everything(.nurse)
            #expect(reduced.counts == ["DocumentReference": 1, "List": 1, "Patient": 1])
            for text in [Self.secret, "Binary/b1", "told again"] { #expect(!reduced.text.contains(text), "\(text)") }
            #expect(reduced.text.contains("Papers"))
            let whole = try await ward.everything(.therapist)
            #expect(
                whole.counts["Binary"] == 1 && whole.text.contains(Self.secret) && whole.text.contains("told again"))
            #expect(
                try await ward.vault.leaves(VaultFacts.chartRead).first?.data["protected"]
                    == .array([.string("psychotherapy")]))
            _ = try await ward.vault.records.chart(
                of: ward.one, .documents, type: "Binary", actor: .system, sight: ward.sight(.therapist))
            #expect(
                try await ward.vault.leaves(VaultFacts.chartRead).first?.data["protected"]
                    == .array([.string("psychotherapy")]))
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func theContextOfAFileCounts(_ dialect: StoreDialect) async throws {
        try await Self.with(dialect) { ward in
            try await ward.vault.take(
                Sample.observation("o1", of: "p1").replacing("\"id\"", with: Self.label + "\"id\""))
            try await ward.vault.take(Self.file("b1", context: "Observation/o1"))
            #expect(try await ward.sees(.therapist))
            #expect(try await !ward.sees(.nurse))
            #expect(try await !ward.sees(.therapist, in: ward.other))
            try await ward.vault.take(Self.file("b2", context: "Patient/p1"))
            #expect(try await ward.sees(.nurse, "b2"))
            #expect(try await !ward.sees(.nurse, "b2", in: ward.other))
            // Where it leads nowhere, nobody can say of which class the file is.
            for (name, context) in [("b3", "Observation/gone"), ("b4", "anything"), ("b5", "urn:uuid:o1")] {
                try await ward.vault.take(Self.file(name, context: context))
                #expect(try await ward.sees(.therapist, name) == (name == "b5"))
                try await ward.vault.take(Self.document("d-\(name)", at: "Binary/\(name)", labelled: false))
                #expect(try await ward.sees(.therapist, name))
                #expect(try await !ward.sees(.nurse, name), "\(context)")
            }
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func whatOnlyRecordsOfNobodyPointAtOpensAsTheyDo(_ dialect: StoreDialect) async throws {
        try await Self.with(dialect) { ward in
            let leaflet =
                "{\"resourceType\":\"Library\",\"id\":\"x1\",\"status\":\"active\",\"content\":[{\"url\":\"Binary/b1\"}]}"
            try await ward.vault.take(Self.file())
            try await ward.vault.take(leaflet)
            #expect(try await ward.sees(.nurse))
            #expect(try await ward.sees(.nurse, in: ward.other))
            try await ward.vault.take(Self.document("d1", labelled: false))
            #expect(try await ward.sees(.nurse))
            #expect(try await !ward.sees(.nurse, in: ward.other), "now it is a patient's")
            try await ward.vault.take(leaflet.replacing("\"id\"", with: Self.label + "\"id\""))
            #expect(try await !ward.sees(.nurse))
            // What belongs to nobody has its own class in the leaf, and none for whom it is hidden from.
            let library = try await ward.id("Library", "x1")
            func read(_ reader: Ward.Reader) async throws {
                ward.vault.clock.advance(by: .seconds(1))
                _ = try await ward.vault.records.linkedRecord(
                    library, in: ward.one, actor: .system, sight: ward.sight(reader))
            }
            try await read(.therapist)
            let leaves = try await ward.vault.leaves(VaultFacts.recordRead)
            #expect(leaves.first?.data["protected"] == .array([.string("psychotherapy")]))
            await #expect(throws: Fault.self) { try await read(.nurse) }
            #expect(try await ward.vault.leaves(VaultFacts.recordRead).count == leaves.count)
        }
    }

    @Test func masksOfADocumentReachItsFile() async throws {
        try await Self.with(.sqlite) { ward in
            try await ward.vault.take(
                Sample.collection(Sample.patient("p1"), Self.document("d1", labelled: false), Self.file()))
            for mask in ["DocumentReference", "DocumentReference.content", "*.attachment", "*.url", "Binary"] {
                #expect(try await !ward.sees(.masked(mask)), "\(mask)")
            }
            for mask in ["Patient.telecom", "DocumentReference.status", "dates", "*.note"] {
                #expect(try await ward.sees(.masked(mask)), "\(mask)")
            }
        }
    }

    /// A report that refers to a hidden result loses its forms; an allergy with a hidden record inside, too.
    @Test func aFileThatRepeatsAHiddenRecordIsHidden() async throws {
        try await Self.with(.sqlite) { ward in
            let result = Sample.observation("o1", of: "p1")
            let report =
                "{\"resourceType\":\"DiagnosticReport\",\"id\":\"r1\",\"status\":\"final\",\"code\":{\"text\":\"Panel\"},"
                + "\"subject\":{\"reference\":\"Patient/p1\"},\"result\":[{\"reference\":\"Observation/o1\"}],"
                + "\"presentedForm\":[{\"url\":\"Binary/b1\"}]}"
            let allergy =
                "{\"resourceType\":\"AllergyIntolerance\",\"id\":\"a1\",\"patient\":{\"reference\":\"Patient/p1\"},"
                + "\"contained\":[{\"resourceType\":\"DocumentReference\",\"id\":\"in\",\(Self.label)"
                + "\"content\":[{\"attachment\":{\"url\":\"Binary/b2\"}}]}]}"
            try await ward.vault.take(
                Sample.collection(Sample.patient("p1"), result, report, allergy, Self.file(), Self.file("b2")))
            #expect(try await ward.sees(.nurse))
            #expect(try await !ward.sees(.nurse, "b2"))
            #expect(try await ward.sees(.therapist, "b2"))
            let leaf = try #require(try await ward.vault.leaves(VaultFacts.recordRead).first)
            #expect(leaf.data["protected"] == .array([.string("psychotherapy")]))
            try await ward.vault.take(result.replacing("\"id\"", with: Self.label + "\"id\""))
            #expect(try await !ward.sees(.nurse))
        }
    }

    @Test func namesThatOnlyTheBundleExplainsLeadToItsFiles() async throws {
        try await Self.with(.sqlite) { ward in
            func entry(_ url: String, _ resource: String) -> String {
                "{\"fullUrl\":\"\(url)\",\"resource\":\(resource)}"
            }
            let nameless = Self.file().replacing("\"id\":\"b1\",", with: "")
            for (number, bundle) in [
                [
                    entry("https://x.test/files/77", Self.file("n0")),
                    entry("urn:uuid:1", Self.document("d0", at: "https://x.test/files/77")),
                ],
                [entry("urn:uuid:2", Self.file("n1")), entry("urn:uuid:3", Self.document("d1", at: "urn:uuid:2"))],
                [
                    entry("https://x.test/Binary/88", nameless),
                    entry("urn:uuid:4", Self.document("d2", at: "https://x.test/Binary/88")),
                ],
            ].enumerated() {
                try await ward.vault.take(
                    "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[\(bundle.joined(separator: ","))]}"
                )
                let name = number == 2 ? "https://x.test/Binary/88" : "n\(number)"
                #expect(try await ward.sees(.therapist, name), "\(name)")
                #expect(try await !ward.sees(.nurse, name), "\(name)")
            }
        }
    }
}

extension FileTests {
    private func forget(_ ward: Ward) async throws {
        let migration = try #require(VaultMigrations.all.first { $0.name == "vault/0005_files" })
        try await ward.vault.house.store.write { tx in
            try tx.execute("DELETE FROM vault_pointers")
            try tx.execute("DELETE FROM vault_pointers_pending")
            // What the migration does in a house that has records.
            try tx.execute(try #require(migration.statements.last))
        }
    }

    private func rows(_ ward: Ward, _ table: String) async throws -> [Row] {
        try await ward.vault.house.store.read { tx in try tx.rows("SELECT * FROM \(table) ORDER BY 1, 2, 3") }
    }

    @Test(arguments: StoreFixture.dialects)
    func recordsOfBeforeTheIndexAreLookedThrough(_ dialect: StoreDialect) async throws {
        try await Self.with(dialect) { ward in
            try await ward.vault.take(
                Sample.collection(
                    Sample.patient("p1"), Self.document("d1"), Self.list, Self.document("d2", at: "Binary/b2"),
                    Self.document("d3", at: "urn:uuid:b3", labelled: false), Self.file(), Self.file("b2"),
                    Self.file("b3", context: "Patient/p1")))
            let told = try await rows(ward, "vault_pointers")
            #expect(told.count == 5, "three documents, the list, and the file that names its patient")
            try await forget(ward)
            // As long as it is not done, nobody can say which file is whose.
            for name in ["b1", "b2", "b3"] {
                #expect(try await !ward.sees(.nurse, name))
                #expect(try await ward.sees(.therapist, name) == (name == "b1"), "only the list made one the patient's")
            }
            // Cut short after each record, and begun again.
            let round = FilePointerRound(ward.vault.records, pageSize: 1)
            for left in stride(from: try await rows(ward, "vault_pointers_pending").count - 1, through: 0, by: -1) {
                #expect(try await round.step(after: []) != nil)
                #expect(try await rows(ward, "vault_pointers_pending").count == left)
            }
            #expect(try await round.step(after: []) == nil)
            let found = try await rows(ward, "vault_pointers")
            #expect(Set(found).isSuperset(of: told), "a name of the Bundle alone has two readings")
            #expect(try await ward.sees(.nurse, "b3"))
            #expect(try await !ward.sees(.nurse, "b1"))
            #expect(try await ward.sees(.therapist, "b2"))
            // Once more changes nothing.
            try await forget(ward)
            try await FilePointerRound(ward.vault.records).run()
            try await FilePointerRound(ward.vault.records).run()
            #expect(try await rows(ward, "vault_pointers") == found)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func anImportDuringTheRoundWins(_ dialect: StoreDialect) async throws {
        try await Self.with(dialect) { ward in
            try await ward.vault.take(
                Sample.collection(Sample.patient("p1"), Self.document("d1"), Self.file(), Self.file("b2")))
            try await forget(ward)
            try await ward.vault.take(Self.document("d1", at: "Binary/b2"))
            try await ward.vault.house.store.write { tx in
                _ = try tx.execute(
                    "INSERT INTO vault_pointers_pending (record, patient, tried) VALUES (?, NULL, 0)",
                    [.bytes(Array(repeating: 0, count: 16))])
            }
            try await FilePointerRound(ward.vault.records, pageSize: 1).run()
            #expect(try await rows(ward, "vault_pointers_pending").isEmpty)
            #expect(try await !ward.sees(.therapist))
            #expect(try await ward.sees(.therapist, "b2"))
        }
    }

    @Test func oneThatDoesNotOpenHoldsUpOnlyItsOwnPatient() async throws {
        try await Self.with(.sqlite) { ward in
            try await ward.vault.take(
                Sample.collection(Sample.patient("p1"), Self.document("d1", labelled: false), Self.file()))
            try await ward.vault.take(
                Sample.collection(
                    Sample.patient("p2", family: "Other"), Self.document("d2", of: "p2", at: "Binary/b2"),
                    Self.document("d3", of: "p2", at: "Binary/b2", labelled: false), Self.file("b2")))
            let damaged = try await ward.id("DocumentReference", "d2")
            let sealed = try await ward.vault.house.store.write { tx in
                let row = try tx.row("SELECT sealed FROM vault_records WHERE id = ?", [.bytes(damaged.bytes)])
                try tx.execute(
                    "UPDATE vault_records SET sealed = ? WHERE id = ?", [.bytes([0]), .bytes(damaged.bytes)])
                return try #require(row).bytes(0)
            }
            try await forget(ward)
            try await FilePointerRound(ward.vault.records).run()
            #expect(try await ward.sees(.nurse), "another patient's chart is not held up")
            #expect(try await !ward.sees(.nurse, "b2", in: ward.other))
            #expect(try await ward.sees(.therapist, "b2", in: ward.other))
            try await ward.vault.house.store.write { tx in
                _ = try tx.execute(
                    "UPDATE vault_records SET sealed = ? WHERE id = ?", [.bytes(sealed), .bytes(damaged.bytes)])
            }
            try await FilePointerRound(ward.vault.records).run()
            #expect(try await rows(ward, "vault_pointers_pending").isEmpty)
            #expect(try await !ward.sees(.nurse, "b2", in: ward.other), "it is of a class")
        }
    }

    @Test(arguments: [
        ("Binary/7", "7"), ("https://x.test/fhir/Binary/7", "7"), ("Binary/7/_history/3", "7"),
        ("Binary/7?_format=json", "7"),
        ("Binary/7#page=2", "7"), ("urn:uuid:7", "7"), ("Binary", nil), ("Patient/7", nil), ("https://x.test/7", nil),
        ("NotBinary/7", nil), ("", nil),
    ])
    func addressesOfFiles(_ text: String, _ id: String?) {
        let index = IndexKey([1, 2, 3])
        let found = FilePointerReader(index: index).targets(Array(text.utf8))
        guard let id else {
            #expect(found.isEmpty)
            return
        }
        #expect(found.contains(index.lookup(type: "Binary", id: id)))
        let whole = index.lookup(type: "Binary", id: text)
        #expect(found.contains(whole) == (text != "Binary/7"), "one without an id has its whole address")
    }
}
