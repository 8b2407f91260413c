// SPDX-License-Identifier: Apache-2.0

import Kernel

/// Decides by the roles of the person, read anew for each decision so that a revocation holds at once.
struct RoleAuthorizer: Authorizer {
    let directory: any PeopleDirectory

    func decide(_ request: AccessRequest) async throws -> Decision {
        if request.action.audience == .everyone {
            return Decision(isAllowed: true, rules: ["everyone"], explanation: "Open to everyone.")
        }
        switch request.principal.type {
        case "operator":
            // Whoever can read the key file can open everything anyway; the act is logged as the operator's.
            return Decision(
                isAllowed: true, rules: ["operator"], explanation: "Allowed to whoever holds the key file.")
        case "person":
            return try await decide(request, id: Identifier(request.principal.id))
        default:
            return Decision(isAllowed: false, rules: ["signed-in"], explanation: "Please sign in first.")
        }
    }

    private func decide(_ request: AccessRequest, id: Identifier<Person>?) async throws -> Decision {
        guard let id, let person = try await directory.person(id), person.isEnabled else {
            return Decision(isAllowed: false, rules: ["enabled"], explanation: "This account is not active.")
        }
        guard request.assurance?.secondFactor == true else {
            return Decision(isAllowed: false, rules: ["second-factor"], explanation: "A second factor is needed.")
        }
        if request.action.audience == .signedIn {
            return Decision(isAllowed: true, rules: ["signed-in"], explanation: "Open to everyone who signed in.")
        }
        let allowing = person.roles.compactMap(StaffRole.init(rawValue:)).filter {
            $0.actions.contains(request.action.id)
        }
        guard allowing.isEmpty else {
            return Decision(
                isAllowed: true, rules: allowing.map { "role:\($0.rawValue)" },
                explanation: "Allowed to the role \(allowing.map(\.title).joined(separator: ", ")).")
        }
        return Decision(isAllowed: false, rules: ["no-role"], explanation: Self.refusal(of: request.action))
    }

    /// Says which roles could, so that the reader knows whom to ask.
    private static func refusal(of action: Action) -> String {
        let able = StaffRole.allCases.filter { $0.actions.contains(action.id) }.map(\.title)
        guard !able.isEmpty else { return "No role allows this: \(action.title)." }
        return "\(action.title): this needs the role \(able.joined(separator: " or ")), which you do not have."
    }
}
