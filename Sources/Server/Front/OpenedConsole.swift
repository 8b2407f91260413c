// SPDX-License-Identifier: Apache-2.0

package import Building
import Logging
package import NIOSSL
import Store
package import Web

/// The whole console of a data folder without the command around it: what the benchmarks measure is what
/// `salus up` serves.
package struct OpenedConsole: Sendable {
    /// The ports.
    package let house: House
    /// What the listener shows.
    package let tls: TLSConfiguration
    /// The front: session, authorizer, practice, frame.
    package let answer: WebServer.Answering

    /// Opens, or makes, what `salus up --data folder --key-file file` would.
    ///
    /// - Parameter adding: routes beside the console's own, given the opened house.
    /// - Throws: `Fault` when something does not open, or two routes have one address.
    package static func open(
        data folder: String, keyFile: String,
        adding: (House, inout Site) async throws -> Void = { _, _ in }
    ) async throws -> OpenedConsole {
        let settings = try Settings(
            flags: [
                SettingKey.data.name: folder, SettingKey.keyFile.name: keyFile, SettingKey.logLevel.name: "warning",
            ], config: nil, environment: [:])
        let logger = Logs.make(settings)
        let estate = try await Estate.open(settings, logger: logger)
        let authority = try await ConsoleAuthority.open(estate)
        let own = try Console.front(estate, meter: Meter(), authority: authority, logger: logger)
        var site = own.site
        try await adding(estate.house, &site)
        let front = Front(site: site, house: own.house, framing: own.framing, meter: own.meter, logger: logger)
        return OpenedConsole(house: estate.house, tls: authority.tls, answer: { await front.answer($0, body: $1) })
    }

    /// Closes the store.
    package func close() async {
        await house.store.close()
    }
}
