// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Logging
import Web

/// Puts the console together: the platform's pages, the practices', and the front before them.
enum Console {
    /// Every address of the console.
    ///
    /// - Throws: `Fault.internal` when two routes have the same path.
    static func site(_ estate: Estate, meter: Meter, authority: ConsoleAuthority?) throws -> Site {
        var site = Site()
        OperatorRoutes(estate: estate, meter: meter).add(to: &site)
        PosturePages(estate: estate, places: places(estate)).add(to: &site)
        FindPage(places: places(estate)).add(to: &site)
        LogPages(estate: estate).add(to: &site)
        SettingsPage(estate: estate, certificate: { authority?.pem ?? "" }).add(to: &site)
        for practice in estate.practices { practice.routes(&site) }
        if let conflict = site.conflict { throw Fault(.internal, "Two pages have the address \(conflict).") }
        return site
    }

    private static func places(_ estate: Estate) -> Places {
        Places(ConsoleActions.navigation + estate.practices.flatMap(\.navigation), estate.house)
    }

    /// The front before them.
    static func front(
        _ estate: Estate, meter: Meter, authority: ConsoleAuthority, logger: Logger
    ) throws -> Front {
        Front(
            site: try site(estate, meter: meter, authority: authority), house: estate.house,
            framing: Framing(register: estate.register, places: places(estate), house: estate.house), meter: meter,
            logger: logger)
    }
}
