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
    package static let facts = AccessFacts.all
    package static let actions = AccessActions.all
    package static let commands: [any AsyncParsableCommand.Type] = [PolicyCommand.self, AccessCommand.self]

    private let house: House
    /// The rules at work, which the pages of this practice explain.
    private let rules: RuleAuthorizer

    package init(_ house: House) async throws {
        guard let rules = house.authorizer as? RuleAuthorizer else {
            throw Fault(.internal, "The house is not run by the rules of this practice.")
        }
        self.house = house
        self.rules = rules
    }

    package func routes(_ site: inout Site) {
        DraftPages(house: house, desk: DraftDesk(house: house, impacts: ImpactDesk(rules))).add(to: &site)
    }

    package var navigation: [NavigationPlace] {
        [NavigationPlace("Rules", path: DraftPages.path, action: AccessActions.readRules, order: 70)]
    }

    package var probes: [Probe] { [RulesProbe.probe(house)] }

    /// The authorizer of the house, which asks `directory` who somebody is.
    ///
    /// - Throws: `Fault.internal` when the rules that are part of the program have a mistake.
    package static func makeAuthorizer(store: Database, directory: any PeopleDirectory) throws -> RuleAuthorizer {
        RuleAuthorizer(store: store, directory: directory, patients: PatientSource(), shelf: try RuleShelf())
    }
}

/// What this practice tells the evidence log.
package enum AccessFacts {
    /// Somebody asked for something that they may not do.
    package static let refused = FactKind("access.refused.v1", "Refused")

    /// All of them.
    package static let all = [refused] + DraftFacts.all
}
