// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
package import Building
import Crypto
package import Kernel
import Keyring
package import Store
package import Web

/// Practice 9: who may do what, decided by rules that people can read.
package struct AccessPractice: Practice {
    package static let name = PracticeName.permissions
    package static let migrations = AccessMigrations.all
    package static let facts =
        AccessFacts.all + AccountingFacts.all + EmergencyFacts.all + GrantFacts.all + StaffFacts.all
        + RefusalFacts.all
    package static let actions = AccessActions.all
    package static let measures = [
        EmergencyReviews.measure, GrantsReviewed.measure, Leavers.measure, RulesProbe.measure, SensitiveReads.measure,
    ]
    package static let commands: [any AsyncParsableCommand.Type] = [AccessCommand.self, PolicyCommand.self]

    let house: House
    /// The rules at work, which the pages of this practice explain.
    let rules: RuleAuthorizer
    /// What names the people and things that programs ask about in the log.
    private let pseudonyms: SymmetricKey
    private let applications: ApplicationDesk
    private let emergencies: EmergencyDesk
    private let staff: StaffDesk

    package init(_ house: House) async throws {
        self.house = house
        rules = try .of(house)
        pseudonyms = SymmetricKey(data: try await house.keyring.secret(named: "access-pseudonyms"))
        applications = try await ApplicationDesk(house)
        emergencies = try await EmergencyDesk(house, patients: rules.patients)
        staff = try await StaffDesk(house, rules)
    }

    /// Where the page of a rule is, which the entries of the log lead to.
    package static func path(ofRule id: String) -> String { RulePages.path(id) }

    /// The authorizer of the house, which asks `directory` who somebody is.
    ///
    /// - Throws: `Fault.internal` when the rules that are part of the program have a mistake.
    package static func makeAuthorizer(store: Database, directory: any PeopleDirectory) throws -> RuleAuthorizer {
        RuleAuthorizer(store: store, directory: directory, patients: PatientSource(), shelf: try RuleShelf())
    }

    /// Where somebody who was refused a chart opens it in an emergency.
    ///
    /// - Parameter patient: the patient's id, as text.
    package static func emergencyPath(of patient: String) -> String {
        "/access/emergency/\(patient)"
    }

    package func routes(_ site: inout Site) {
        HubPages(house: house, places: hubPlaces).add(to: &site)
        RulePages(house: house, rules: rules).add(to: &site)
        let names = PatientNames(house: house, patients: rules.patients)
        ReaderPages(house: house, rules: rules, names: names).add(to: &site)
        DisclosurePages(house: house, rules: rules, names: names).add(to: &site)
        StaffPages(house: house, rules: rules, desk: staff).add(to: &site)
        EmergencyPages(desk: emergencies, house: house, names: names).add(to: &site)
        let page = EmergencyReviewPage(desk: emergencies, house: house, names: names, shelf: rules.shelf)
        ReviewPages(desk: emergencies, house: house, page: page).add(to: &site)
        AuthZENAddresses(house: house, rules: rules, desk: applications, key: pseudonyms).add(to: &site)
        ApplicationPages(desk: applications, time: house.localTime).add(to: &site)
        GrantPages(desk: grants, house: house).add(to: &site)
        LeaverPages(house: house, rules: rules).add(to: &site)
        DraftPages(house: house, desk: DraftDesk(house: house, impacts: ImpactDesk(rules))).add(to: &site)
    }

    package var jobs: [Job] { [emergencies.job, grants.job, Leavers.job(house)] }

    package var probes: [Probe] {
        [
            EmergencyReviews.probe(house), GrantsReviewed.probe(grants), Leavers.probe(house, rules),
            RulesProbe.probe(house), SensitiveReads.probe(grants),
        ]
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
    package static let all = [refused] + ApplicationFacts.all + DraftFacts.all
}
