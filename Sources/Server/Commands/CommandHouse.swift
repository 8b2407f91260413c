// SPDX-License-Identifier: Apache-2.0

import Building
import Foundation
import Glibc
import Kernel
import Ledger
import Logging
import Store

/// Opens the house for a command, as the operator who runs it.
enum CommandHouse {
    /// Opens, works, gives the new leaves their places if no server does, and closes.
    static func open(
        _ options: HouseOptions, making: Bool, _ work: @escaping @Sendable (OpenHouse) async throws -> Void
    ) async throws {
        try await withEstate(options, making: making) { estate in
            try await work(OpenHouse(house: estate.house, actor: actor))
        }
    }

    /// The same, for commands that need the whole estate.
    static func withEstate(
        _ options: HouseOptions, for action: Action? = nil, making: Bool = false,
        _ work: @escaping @Sendable (Estate) async throws -> Void
    ) async throws {
        let settings = try settings(options)
        if !making { try expectData(settings) }
        try DataOwner.refuseRootInFolderOfAnother(settings.data)
        let estate = try await Estate.open(settings, logger: Logs.make(settings))
        do {
            if let action { try await OpenHouse(house: estate.house, actor: actor).check(action) }
            try await work(estate)
            try await estate.house.ledger.settle()
        } catch {
            try? await estate.house.ledger.settle()
            await estate.close()
            throw error
        }
        await estate.close()
    }

    /// Refuses a folder without an embedded store, which is mistyped more likely than new.
    static func expectData(_ settings: Settings) throws {
        try settings.refuseMoved()
        guard case .sqlite(let path) = settings.location, !FileManager.default.fileExists(atPath: path) else { return }
        guard unsafe access(settings.data, X_OK) == 0 || errno != EACCES else {
            throw Fault(
                .refused,
                "You may not read \(settings.data). Run this as the user to whom it belongs: sudo -u USER salus …")
        }
        throw Fault(
            .notFound,
            """
            There is no Salus data in \(settings.data). Name the folder with --data, or start a new installation there: \
            salus up --data \(settings.data)
            """)
    }

    /// Whoever runs the command.
    static var actor: EntityReference { .operator(uid: getuid()) }

    /// The configuration of a command.
    static func settings(_ options: HouseOptions, _ more: [String: String?] = [:]) throws -> Settings {
        var flags: [String: String] = [:]
        flags[SettingKey.data.name] = options.data
        flags[SettingKey.database.name] = options.database
        flags[SettingKey.keyFile.name] = options.keyFile
        for (key, value) in more { flags[key] = value }
        return try Settings(
            flags: flags, config: options.config, environment: ProcessInfo.processInfo.environment)
    }
}

/// Ends the process.
enum Exit {
    /// Ends the process with `status` after everything was written.
    static func with(_ status: Int32) -> Never {
        fflush(nil)
        exit(status)
    }
}
