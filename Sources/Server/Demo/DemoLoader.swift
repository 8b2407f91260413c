// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Logging
import Store
import SyntheticClinic

/// Fills a new store with the synthetic clinic: people, a hundred patients, and a year of history.
///
/// The past is told by a house whose clock is set to it, so that it goes through the same desks as what happens really.
/// Its leaves carry when things are said to have happened (`effective`) and when they were really recorded (`at`): even
/// an invented past is not dated back.
struct DemoLoader: Sendable {
    let settings: Settings
    let logger: Logger

    /// The same clinic at each start, apart from today's date.
    private static let seed: UInt64 = 20_261_123

    /// Loads the clinic where it is not there yet. Call it before the house is opened.
    ///
    /// - Throws: `Fault.refused` when the store was not made for a synthetic clinic, and when an earlier filling of it
    ///   was broken off.
    func loadIfNew() async throws {
        let isNew = try await prepare()
        guard let isNew else { return }
        let clock = StoryClock()
        let today = clock.machineTime
        guard let date = Self.date(today) else { return }
        let clinic = SyntheticClinic(seed: Self.seed, today: date)
        let midnight = Instant(microseconds: today.microseconds - today.microseconds % 86_400_000_000)
        if isNew { clock.advance(to: midnight.advanced(by: .days(-Int64(Year.length) - 1))) }
        let estate = try await Estate.open(settings, logger: logger, clock: clock)
        do {
            if try await estate.house.directory.everyone().isEmpty {
                try await HouseRegister.noteStory(isTold: false, estate.house.store)
                var teller = try await Storyteller(estate, clinic, clock, midnight: midnight)
                try await teller.tell(days: settings.demoDays)
            }
            try await HouseRegister.noteStory(isTold: true, estate.house.store)
        } catch {
            await estate.close()
            throw error
        }
        await estate.close()
        logger.info("The synthetic clinic is ready", metadata: ["patients": "\(clinic.patients.count)"])
    }

    /// Looks whether there is anything to do, before any key is made.
    ///
    /// - Returns: whether the store is born now; nil when the clinic is in it already.
    private func prepare() async throws -> Bool? {
        try settings.refuseMoved()
        let store = try await Database.open(settings.location, clock: SystemClock())
        do {
            try await store.migrate(Practices.migrations)
            let register = try await HouseRegister.open(store, name: settings.institution, synthetic: settings.demo)
            try await store.read { tx in try HouseRegister.demandSynthetic(tx) }
            let isTold = try await HouseRegister.isStoryTold(store)
            await store.close()
            guard isTold != false else { throw Self.halfTold(settings) }
            return isTold == true ? nil : register.isNew
        } catch {
            await store.close()
            throw error
        }
    }

    private static func halfTold(_ settings: Settings) -> Fault {
        Fault(
            .refused,
            """
            Filling this store with the synthetic clinic was broken off. Nothing in it is real: delete \(settings.data) \
            and start again.
            """)
    }

    private static func date(_ now: Instant) -> ClinicDate? {
        let parts = now.day.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3 else { return nil }
        return ClinicDate(year: parts[0], month: parts[1], day: parts[2])
    }
}
