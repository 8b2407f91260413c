// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
package import Kernel
import Synchronization
import Web

/// The options that every command which opens the house has in common.
package struct HouseOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The folder in which Salus keeps its data.", valueName: "folder"))
    package var data: String?

    @Option(
        help: ArgumentHelp(
            "A PostgreSQL database instead of the embedded store: postgres://user@host/name.", valueName: "url"))
    package var database: String?

    @Option(
        name: .customLong("key-file"),
        help: ArgumentHelp(
            "The key file for unattended start. Keep it outside the data folder.", valueName: "file"))
    package var keyFile: String?

    @Option(help: ArgumentHelp("A configuration file in YAML.", valueName: "file"))
    package var config: String?

    @Flag(help: "Print JSON for other programs to read.")
    package var json = false

    package init() {}
}

/// How a command gets at the house; the program sets it once at its start.
///
/// Commands live in the practices, and only the server knows how the house is put together.
package enum HouseDoor {
    /// Opens the house, which it makes where there is none if told so, runs the work as the operator, and closes it.
    package typealias Opener =
        @Sendable (
            HouseOptions, Bool, @escaping @Sendable (OpenHouse) async throws -> Void
        ) async throws -> Void

    // A task-local value would do as well, but optimised builds crash when one holds an async closure (Swift 6.3.1).
    private static let door = Mutex<Opener?>(nil)

    /// Says how the house is opened.
    package static func hang(_ opener: @escaping Opener) {
        door.withLock { $0 = opener }
    }

    /// How the house is opened; nil before the program said so.
    package static var opener: Opener? {
        door.withLock { $0 }
    }
}

/// The house as a command finds it.
package struct OpenHouse: Sendable {
    /// The ports.
    package let house: House
    /// Who acts: whoever runs the command.
    package let actor: EntityReference

    /// The house, opened for `actor`.
    package init(house: House, actor: EntityReference) {
        self.house = house
        self.actor = actor
    }

    /// Asks the rules whether whoever runs the command may do `action`.
    ///
    /// - Throws: `Fault.refused` with the reason.
    package func check(_ action: Action) async throws {
        let decision = try await house.authorizer.decide(
            AccessRequest(principal: actor, action: action, resource: Site.institution))
        guard decision.isAllowed else { throw Fault(.refused, decision.explanation) }
    }
}

extension HouseOptions {
    /// Opens the house for the time of `work`, if the rules let whoever runs the command do `action`.
    ///
    /// - Parameter making: whether to make what is missing; otherwise a mistyped folder would become an installation.
    /// - Throws: `Fault` when the store, the key or the log cannot be opened.
    package func withHouse(
        for action: Action, making: Bool = false, _ work: @escaping @Sendable (OpenHouse) async throws -> Void
    ) async throws {
        guard let open = HouseDoor.opener else {
            throw Fault(.internal, "This command was started without a house.")
        }
        try await open(self, making) { open in
            try await open.check(action)
            try await work(open)
        }
    }
}
