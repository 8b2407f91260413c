// SPDX-License-Identifier: Apache-2.0

import Access
import Building
import Identity
import Kernel
import Keyring
import Ledger
import Logging
import Posture
import Store
import Transit
import Vault
import Web

/// The whole house, put together: read this file from top to bottom to know what stands on what.
struct Estate: Sendable {
    let settings: Settings
    let register: HouseRegister
    let house: House
    let practices: [any Practice]
    let posture: PostureBook
    /// What the console shows, once it listens.
    let certificate: ServedCertificate

    /// Opens everything, in the order in which it stands: store, keys, log, people, rules, practices.
    ///
    /// - Throws: `Fault` that says what is missing or wrong and what to do about it.
    static func open(
        _ settings: Settings, logger: Logger, clock: any TimeSource = SystemClock()
    ) async throws -> Estate {
        try settings.refuseMoved()
        let store = try await Database.open(settings.location, clock: clock)
        do {
            return try await open(settings, store: store, clock: clock, logger: logger)
        } catch {
            await store.close()
            throw error
        }
    }

    private static func open(
        _ settings: Settings, store: Database, clock: any TimeSource, logger: Logger
    ) async throws -> Estate {
        try await store.migrate(Practices.migrations)
        let register = try await HouseRegister.open(store, name: settings.institution, synthetic: settings.demo)
        let institution = try await Keyring.institution(in: store)
        let keyring = try await Keyring.open(store, keyFile: settings.keyFile(for: institution))
        let ledger = try await EvidenceLog(
            store: store, tiles: settings.tiles(store), signingKey: try await keyring.secret(named: "ledger-signing"),
            institution: institution, reserve: settings.reserve(store), logger: logger)
        let directory = try await IdentityPractice.makeDirectory(store: store, keyring: keyring, clock: clock)
        let authorizer = try AccessPractice.makeAuthorizer(store: store, directory: directory)
        let house = House(
            ledger: ledger, store: store, clock: clock, directory: directory,
            authorizer: authorizer, keyring: keyring,
            localTime: settings.localTime, address: settings.address(port: settings.listen.port))
        var practices: [any Practice] = []
        for practice in Practices.all {
            practices.append(try await practice.init(house))
        }
        authorizer.patients.connect(practices.lazy.compactMap(\.patients).first)
        let certificate = ServedCertificate()
        let probes =
            practices.flatMap(\.probes)
            + PlatformProbes.all(settings: settings, house: house, certificate: certificate)
        return Estate(
            settings: settings, register: register, house: house, practices: practices,
            posture: PostureBook(probes: probes, store: store, logger: logger), certificate: certificate)
    }

    /// Closes the store.
    func close() async {
        await house.store.close()
    }
}

extension Settings {
    /// The key file of `institution`: the one that was named, else the machine's standard place.
    func keyFile(for institution: Identifier<Institution>) -> KeyFile {
        keyFile.map(KeyFile.init(path:)) ?? .standard(institution: institution, environment: environment)
    }

    /// The space that is kept for care: beside the embedded store, or in a shared database.
    func reserve(_ store: Database) -> any EvidenceReserve {
        switch location {
        case .sqlite: FileReserve(path: "\(data)/reserve")
        case .postgres: TableReserve(store)
        }
    }

    /// Where the public form of the log is kept: files beside the embedded store, rows in a shared one.
    func tiles(_ store: Database) -> any TileStore {
        switch location {
        case .sqlite: FileTileStore(folder: ledgerFolder)
        case .postgres: TableTileStore(store)
        }
    }
}
