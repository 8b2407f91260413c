// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
package import Building
package import Kernel

/// Practice 9: who may do what. A fixed set of roles until the policy engine takes its place behind the same port.
package struct AccessPractice: Practice {
    package static let name = PracticeName.permissions
    package static let facts = [AccessFacts.refused]
    package static let commands: [any AsyncParsableCommand.Type] = [PolicyCommand.self]

    package init(_ house: House) async throws {}

    /// The authorizer of the house, which asks `directory` who somebody is.
    package static func makeAuthorizer(directory: any PeopleDirectory) -> any Authorizer {
        RoleAuthorizer(directory: directory)
    }
}

/// What this practice tells the evidence log.
package enum AccessFacts {
    /// Somebody asked for something that they may not do.
    package static let refused = FactKind("access.refused.v1", "Refused")
}
