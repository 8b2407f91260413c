// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel

/// What the commands print about an application.
enum ApplicationOutput {
    static func value(_ application: Application) -> CanonicalValue {
        .object(members(application))
    }

    /// An application with its new token, which is printed this once.
    static func token(_ application: Application, _ token: ApplicationToken, isJSON: Bool) {
        if isJSON {
            Terminal.json(.object(members(application) + [.init("token", .string(token.text))]))
        } else {
            Terminal.line("application: \(application.name)")
            Terminal.line("token: \(token.text)")
            Terminal.complain("Keep the token where only that program can read it. It is not shown again.")
        }
    }

    /// One line about it.
    static func line(_ application: Application) -> String {
        [
            application.name, application.isEnabled ? "enabled" : "disabled",
            application.asksHouse ? house(application) : "rules of its own, version \(application.version)",
            application.used.map { "last asked \($0.rfc3339)" } ?? "never asked",
        ].joined(separator: "\t")
    }

    private static func house(_ application: Application) -> String {
        application.honoursMasks ? "asks about the house, honours masks" : "asks about the house"
    }

    private static func members(_ application: Application) -> [CanonicalMember] {
        var members: [CanonicalMember] = [
            .init("id", .string(application.id.description)), .init("name", .string(application.name)),
            .init("enabled", .boolean(application.isEnabled)), .init("house", .boolean(application.asksHouse)),
            .init("version", .integer(application.version)),
        ]
        if application.asksHouse { members.append(.init("honoursMasks", .boolean(application.honoursMasks))) }
        if let used = application.used { members.append(.init("used", .string(used.rfc3339))) }
        return members
    }
}
