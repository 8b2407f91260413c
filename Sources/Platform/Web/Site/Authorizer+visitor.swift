// SPDX-License-Identifier: Apache-2.0

package import Kernel

extension Authorizer {
    /// What is decided about `visitor` doing `action` in the institution as a whole: whether a page or a link is theirs.
    ///
    /// - Throws: what the authorizer throws when it cannot decide.
    package func decide(_ action: Action, for visitor: Visitor) async throws -> Decision {
        try await decide(
            AccessRequest(
                principal: visitor.principal, action: action, resource: Site.institution,
                assurance: visitor.assurance))
    }
}
