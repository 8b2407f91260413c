// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Kernel
import Ledger
import Posture

/// `salus demo`: fills a new data folder with the synthetic clinic, without serving it.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fill a new data folder with the synthetic clinic.",
        discussion: "The folder is marked synthetic for ever. Real patients do not belong in it.")

    @OptionGroup var house: HouseOptions

    @Option(help: ArgumentHelp("How many days of invented past it has, 0 to 365.", valueName: "days"))
    var demoDays: Int?

    func run() async throws {
        let settings = try CommandHouse.settings(
            house,
            [SettingKey.demo.name: "true", SettingKey.demoDays.name: demoDays.map(String.init)].compactMapValues { $0 })
        let logger = Logs.make(settings)
        try await DemoLoader(settings: settings, logger: logger).loadIfNew()
        let estate = try await Estate.open(settings, logger: logger)
        await estate.posture.takeAll()
        do {
            try await estate.house.ledger.settle()
        } catch {
            await estate.close()
            throw error
        }
        await estate.close()
        Terminal.line("synthetic clinic ready in \(settings.data)")
    }
}
