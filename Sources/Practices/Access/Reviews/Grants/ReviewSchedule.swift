// SPDX-License-Identifier: Apache-2.0

import Kernel

/// When somebody else has to confirm that a person still needs a role.
enum ReviewSchedule {
    /// Every quarter: people change wards and duties within months, and a list of a quarter is short enough to be
    /// read rather than ticked off. The law asks for review and names no time (45 CFR 164.308(a)(4)(ii)(C)); a
    /// clinic that could set it to years would have a review in name only, so it is no setting.
    static let ordinary = Duration.days(90)
    /// Every month for roles that can change what others may do: one that was forgotten opens all the others.
    static let privileged = Duration.days(30)
    /// How long before its time a review is asked for: a holiday of whoever reviews must not make it late.
    static let notice = Duration.days(14)
    /// How long a role may go unused before that is pointed out.
    static let unused = Duration.days(90)

    private static let privilegedRoles: [StaffRole] = [.administrator, .securityLead, .privacyOfficer]

    /// How long a confirmation of the role counts.
    static func interval(of role: String) -> Duration {
        StaffRole(rawValue: role).map(privilegedRoles.contains) ?? true ? privileged : ordinary
    }
}
