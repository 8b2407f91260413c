// SPDX-License-Identifier: Apache-2.0

package import Building
import Kernel
import Store
import Web

extension AccessPractice {
    package var navigation: [NavigationPlace] { emergencyPlaces + rulePlaces + peoplePlaces }

    /// What the practice's first page leads to: all but itself and what people have of their own.
    var hubPlaces: [NavigationPlace] {
        navigation.filter { $0.path != HubPages.path && $0.path != EmergencyPages.own }
    }

    private var emergencyPlaces: [NavigationPlace] {
        let store = self.house.store
        return [
            NavigationPlace(
                "Your emergencies", path: EmergencyPages.own, action: AccessActions.ownEmergencies, in: .care,
                order: 15,
                summary: "Charts that you opened in an emergency.", synonyms: "break glass",
                isHiddenWhileEmpty: true
            ) { visitor in
                try await store.read { tx in try tx.openEmergencies(of: visitor.person.id).count }
            },
            NavigationPlace(
                "Emergencies", path: ReviewPages.path, action: AccessActions.readEmergencies, in: .people, order: 65,
                summary: "Charts that were opened in an emergency, and their reviews.", synonyms: "break glass review"
            ) { _ in try await store.read { tx in Int(clamping: try tx.waitingEmergencies()) } },
        ]
    }

    private var rulePlaces: [NavigationPlace] {
        let rules = self.rules
        return [
            NavigationPlace(
                "Access", path: HubPages.path, action: AccessActions.readRules, in: .people, order: 62,
                summary: "Who may do what here, who did it, and by which rule.", synonyms: "permissions roles"),
            NavigationPlace(
                RulePages.title, path: RulePages.path, action: AccessActions.readRules, in: .people, order: 63,
                summary: "Every rule that holds now in plain words, and how often it decided.",
                synonyms: "policy policies cedar permissions", isInMenu: false),
            NavigationPlace(
                DraftPages.title, path: DraftPages.path, action: AccessActions.readRules, in: .people, order: 67,
                summary: "Drafts with all that they would open and close, and earlier versions.",
                synonyms: "policy edit cedar approve", waiting: { try await rules.draftsWaiting(for: $0).count },
                task: { $0 == 1 ? "A draft of rules waits for you." : "\($0) drafts of rules wait for you." }),
            NavigationPlace(
                "Applications", path: "/access/applications", action: AccessActions.manageApplications, in: .people,
                order: 68, summary: "Programs that ask Salus who may do what.", synonyms: "authzen api token"),
        ]
    }

    private var peoplePlaces: [NavigationPlace] {
        [
            NavigationPlace(
                "Who can see a patient's records", path: "/access/patients", action: AccessActions.seeReaders,
                in: .people,
                order: 64, summary: "Everybody who can, by which rule; and who has seen them.",
                synonyms: "readers disclosures accounting who read a chart"),
            NavigationPlace(
                "Access reviews", path: GrantPages.path, action: AccessActions.reviewGrants, in: .people, order: 66,
                summary: "Who still needs which role, and who has to say so by when.",
                synonyms: "recertification attestation roles"),
            NavigationPlace(
                LeaverPages.title, path: LeaverPages.path, action: AccessActions.reviewGrants, in: .people, order: 69,
                summary: "Whose account was closed, and that they can do nothing any more.",
                synonyms: "leavers offboarding disabled", isInMenu: false),
            NavigationPlace(
                "Departments, numbers and shifts", path: "/access/staff", action: AccessActions.manageStaff,
                in: .people,
                order: 61, summary: "What care teams need to know of the people of the clinic.",
                synonyms: "staff shifts rota practitioner department", isInMenu: false,
                search: PlaceSearch("staff", field: "staff-find", isInAddress: true)),
        ]
    }
}
