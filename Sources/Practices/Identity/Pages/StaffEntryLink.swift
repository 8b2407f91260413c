// SPDX-License-Identifier: Apache-2.0

import Kernel
import Web

/// The way to a person's department and numbers, which the practice of permissions keeps: for those whom it lets in.
struct StaffEntryLink: Sendable {
    let authorizer: any Authorizer

    /// An action of that practice.
    private static let manageStaff = Action("access.manage-staff", "Manage departments and shifts")

    /// Where the entry about a person is; nil for whoever may not look after staff.
    func path(_ person: PersonRecord, for visitor: Visitor) async throws -> String? {
        try await authorizer.decide(Self.manageStaff, for: visitor).isAllowed ? "/access/staff/\(person.id)" : nil
    }
}
