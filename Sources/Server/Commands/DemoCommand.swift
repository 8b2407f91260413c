// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Kernel
import Ledger

/// `salus demo`: fills a new data folder with the synthetic clinic, without serving it.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fill a new data folder with the synthetic clinic.",
        discussion: "The folder is marked synthetic for ever. Real patients do not belong in it.")

    @OptionGroup var house: HouseOptions

    func run() async throws {
        let settings = try CommandHouse.settings(house, [SettingKey.demo.name: "true"])
        let logger = Logs.make(settings)
        let estate = try await Estate.open(settings, logger: logger)
        do {
            try await DemoLoader(estate: estate, logger: logger).loadIfNew()
            try await estate.house.ledger.settle()
        } catch {
            await estate.close()
            throw error
        }
        await estate.close()
        Terminal.line("synthetic clinic ready in \(settings.data)")
    }
}
