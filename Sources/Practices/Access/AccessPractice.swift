// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
package import Building
package import Kernel
package import Store
package import Web

/// Practice 9: who may do what, decided by rules that people can read.
package struct AccessPractice: Practice {
    package static let name = PracticeName.permissions
    package static let migrations = AccessMigrations.all
    package static let facts = AccessFacts.all + GrantFacts.all
    package static let actions = AccessActions.all
    package static var commands: [any AsyncParsableCommand.Type] { [AccessCommand.self] }

    private let house: House
    /// The rules at work, which the pages of this practice explain.
    private let rules: RuleAuthorizer

    package init(_ house: House) async throws {
        self.house = house
        rules = try .of(house)
    }

    /// The authorizer of the house, which asks `directory` who somebody is.
    ///
    /// - Throws: `Fault.internal` when the rules that are part of the program have a mistake.
    package static func makeAuthorizer(store: Database, directory: any PeopleDirectory) throws -> RuleAuthorizer {
        RuleAuthorizer(store: store, directory: directory, patients: PatientSource(), shelf: try RuleShelf())
    }

    package func routes(_ site: inout Site) {
        GrantPages(desk: grants, house: house).add(to: &site)
    }

    package var navigation: [NavigationPlace] {
        [NavigationPlace("Access reviews", path: GrantPages.path, action: AccessActions.reviewGrants, order: 62)]
    }

    package var jobs: [Job] { [grants.job, Leavers.job(house)] }

    package var probes: [Probe] {
        [GrantsReviewed.probe(grants), Leavers.probe(house, rules), SensitiveReads.probe(grants)]
    }

    private var grants: GrantDesk { GrantDesk(house: house, shelf: rules.shelf) }
}

extension RuleAuthorizer {
    /// The authorizer of a house that is run by the rules of this practice.
    ///
    /// - Throws: `Fault.internal` for any other house.
    static func of(_ house: House) throws -> RuleAuthorizer {
        guard let rules = house.authorizer as? RuleAuthorizer else {
            throw Fault(.internal, "The house is not run by the rules of this practice.")
        }
        return rules
    }
}

/// What this practice tells the evidence log.
package enum AccessFacts {
    /// Somebody asked for something that they may not do.
    package static let refused = FactKind("access.refused.v1", "Refused")

    /// All of them.
    package static let all = [refused]
}
