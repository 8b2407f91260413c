// SPDX-License-Identifier: Apache-2.0

package import Kernel

/// What the authorizer is asked about by this practice.
package enum AccessActions {
    /// The pages that explain the rules and their versions.
    package static let readRules = Action("access.read-rules", "Read the rules")
    /// Proposing other rules.
    package static let draftRules = Action("access.draft-rules", "Draft rules")
    /// Putting somebody else's draft in force.
    package static let approveRules = Action("access.approve-rules", "Approve rules")
    /// Departments, shifts and practitioner numbers.
    package static let manageStaff = Action("access.manage-staff", "Manage departments and shifts")
    /// Opening a chart in an emergency.
    package static let breakGlass = Action("access.break-glass", "Open a chart in an emergency")
    /// The list of emergencies.
    package static let readEmergencies = Action(
        "access.read-emergencies", "See which charts were opened in an emergency")
    /// Judging whether an emergency was one.
    package static let reviewEmergency = Action("access.review-emergency", "Review an emergency")
    /// One's own emergencies.
    package static let ownEmergencies = Action(
        "access.own-emergencies", "See and end one's own emergencies", for: .signedIn)
    /// Who can open a chart, and by which rule.
    package static let seeReaders = Action("access.see-readers", "See who can read a chart")
    /// Who opened a chart.
    package static let seeDisclosures = Action("access.see-disclosures", "See who has read a chart")
    /// Recertifying roles.
    package static let reviewGrants = Action("access.review-grants", "Review grants")
    /// Other programs that ask Salus.
    package static let manageApplications = Action("access.manage-applications", "Manage applications")
    /// Asking, as a program.
    package static let evaluate = Action("access.evaluate", "Ask for decisions as a program")
    /// Learning at which addresses programs ask.
    package static let discover = Action("access.discover", "Learn where programs ask", for: .everyone)

    /// All of them.
    package static let all = [
        readRules, draftRules, approveRules, manageStaff, breakGlass, readEmergencies, reviewEmergency, ownEmergencies,
        seeReaders, seeDisclosures, reviewGrants, manageApplications, evaluate,
        discover,
    ]
}
