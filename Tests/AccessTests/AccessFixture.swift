// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Keyring
import Ledger
import Logging
import Store
import Synchronization
import TestSupport

@testable import Access

/// A house with the rules in it, people and patients of a test's own, and a clock that it sets.
struct AccessFixture: Sendable {
    let house: House
    let rules: RuleAuthorizer
    let people: Directory
    let patients: Patients
    let clock: ManualClock
    let impacts: ImpactDesk

    /// The people of a test.
    final class Directory: PeopleDirectory {
        private let people = Mutex<[PersonSummary]>([])
        private let proofs = Mutex<Set<String>>([])

        /// Says that whoever has this cookie proved who they are just now.
        func prove(_ cookie: String) {
            proofs.withLock { _ = $0.insert(cookie) }
        }
        func isProved(cookie: String, by proof: String?) async throws -> Bool {
            if proof == "right" { prove(cookie) }
            return proofs.withLock { $0.contains(cookie) }
        }
        func set(_ person: PersonSummary) {
            people.withLock { people in
                people.removeAll { $0.id == person.id }
                people.append(person)
            }
        }
        func person(_ id: Identifier<Kernel.Person>) async throws -> PersonSummary? {
            people.withLock { $0.first { $0.id == id } }
        }
        func everyone() async throws -> [PersonSummary] { people.withLock { $0.sorted { $0.name < $1.name } } }
        func signedIn(cookie: String) async throws -> SignedIn? { nil }
    }

    /// The patients of a test.
    final class Patients: PatientRegister {
        private let patients = Mutex<[PatientRelations]>([])
        private let numbers = Mutex<[(text: String, patient: Identifier<Kernel.Patient>)]>([])

        /// Gives a patient a number of another system, `system|value`.
        func give(_ text: String, to patient: Identifier<Kernel.Patient>) {
            numbers.withLock { $0.append((text, patient)) }
        }
        func patient(system: String, number: String) async throws -> Identifier<Kernel.Patient>? {
            let found = numbers.withLock { $0.filter { $0.text == "\(system)|\(number)" } }
            return found.count == 1 ? found[0].patient : nil
        }
        func set(_ relations: PatientRelations) {
            patients.withLock { patients in
                patients.removeAll { $0.patient == relations.patient }
                patients.append(relations)
            }
        }
        func relations(of patient: Identifier<Kernel.Patient>) async throws -> PatientRelations? {
            patients.withLock { $0.first { $0.patient == patient } }
        }
        func allRelations() async throws -> [PatientRelations] {
            patients.withLock { $0.sorted { $0.patient < $1.patient } }
        }
        func subject(of patient: Identifier<Kernel.Patient>) async throws -> [UInt8]? {
            try await relations(of: patient).map { $0.patient.bytes }
        }
        func name(of patient: Identifier<Kernel.Patient>) async throws -> String? {
            try await relations(of: patient).map { _ in "Maria Muster" }
        }
    }

    static func with(
        _ dialect: StoreDialect = .sqlite, isolation: isolated (any Actor)? = #isolation,
        _ body: (AccessFixture) async throws -> Void
    ) async throws {
        let migrations = EvidenceLog.migrations + Keyring.migrations + AccessPractice.migrations
        try await StoreFixture.with(dialect, migrations: migrations) { fixture in
            let store = fixture.database
            let keyring = try await Keyring.open(store, keyFile: KeyFile(path: fixture.folder + "/keys/test.key"))
            let tiles: any TileStore =
                dialect == .sqlite ? FileTileStore(folder: fixture.folder + "/store/ledger") : TableTileStore(store)
            let ledger = try await EvidenceLog(
                store: store, tiles: tiles, signingKey: try await keyring.secret(named: "ledger-signing"),
                institution: keyring.institution,
                reserve: FileReserve(path: fixture.folder + "/reserve", size: 1 << 16), logger: Logger(label: "test"))
            let directory = Directory()
            let rules = try AccessPractice.makeAuthorizer(store: store, directory: directory)
            let patients = Patients()
            rules.patients.connect(patients)
            let house = House(
                ledger: ledger, store: store, clock: fixture.clock, directory: directory, authorizer: rules,
                keyring: keyring)
            try await body(
                AccessFixture(
                    house: house, rules: rules, people: directory, patients: patients, clock: fixture.clock,
                    impacts: ImpactDesk(rules)))
        }
    }

    var now: Instant { clock.now() }

    /// Adds a person with these roles.
    func person(
        _ name: String, _ roles: StaffRole..., isEnabled: Bool = true
    ) -> Identifier<Kernel.Person> {
        let id = Identifier<Kernel.Person>(at: now)
        people.set(
            PersonSummary(
                id: id, name: name, login: name.lowercased(), roles: roles.map(\.rawValue).sorted(),
                isEnabled: isEnabled, hasSecondFactor: true))
        return id
    }

    /// Adds a patient.
    func patient(
        care: [CareRelation] = [], department: String? = nil, protected: Set<ProtectedClass> = []
    ) -> Identifier<Kernel.Patient> {
        let id = Identifier<Kernel.Patient>(at: now)
        patients.set(PatientRelations(patient: id, care: care, department: department, protected: protected))
        return id
    }

    /// Says who a practitioner of the records is.
    func know(_ person: Identifier<Kernel.Person>, as practitioner: String) async throws {
        try await house.store.write { tx in
            try tx.execute(
                "INSERT INTO access_practitioners (practitioner, person) VALUES (?, ?)",
                [.bytes(Array(practitioner.utf8)), .bytes(person.bytes)])
        }
    }

    /// Puts a person into a department.
    func put(_ person: Identifier<Kernel.Person>, in department: String) async throws {
        try await house.store.write { tx in
            try tx.execute(
                "INSERT INTO access_staff (person, department) VALUES (?, ?)",
                [.bytes(person.bytes), .bytes(Array(department.utf8))])
        }
    }

    /// Lets care teams decide who reads charts.
    func useCareTeams() async throws {
        try await house.store.write { tx in
            try tx.execute("INSERT INTO access_settings (name, value) VALUES ('care-teams', 1)", [])
        }
    }

    /// What the rules say to a person about a patient.
    func decide(
        _ action: Action, _ person: Identifier<Kernel.Person>, on patient: Identifier<Kernel.Patient>,
        secondFactor: Bool = true
    ) async throws -> Kernel.Decision {
        try await rules.decide(
            AccessRequest(
                principal: .person(person), action: action,
                resource: EntityReference(type: "patient", id: patient.description),
                assurance: Assurance(secondFactor: secondFactor, at: now)))
    }
}
