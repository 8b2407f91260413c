// SPDX-License-Identifier: Apache-2.0

package import Kernel

/// A request after it passed the front: read, bounded, and with the asker known.
package struct PageRequest: Sendable {
    /// The method: `GET` or `POST`.
    package let method: String
    /// The path without the query, still percent-encoded.
    package let path: String
    /// The values of the route's `{name}` segments, decoded.
    package let parameters: [String: String]
    /// The query's fields.
    package let query: Fields
    /// The body's fields, of a form.
    package let form: Fields
    /// Who asks; `anonymous` before signing in.
    package let visitor: Visitor
    /// Where the request came from: the peer's address without its port.
    package let source: String
    /// The cookies by name.
    package let cookies: [String: String]
    /// The `Authorization: Bearer` token, where there is one.
    package let bearer: String?
    /// The `If-None-Match` entity tag, where there is one.
    package let entityTag: String?
    /// The host and port by which the browser reached us, as it said; empty when it did not.
    package let authority: String
    /// A random id that the error page and the operator's log share.
    package let reference: String
    /// The body as it came, for routes that read something else than forms.
    package let body: [UInt8]
    /// The `Content-Type` of the body, where there is one.
    package let contentType: String?
    /// Why the request was let through; nil only where no front stands before the route, as in tests.
    package var decision: Decision?

    /// A request with everything that a route may look at.
    package init(
        method: String, path: String, parameters: [String: String] = [:], query: Fields = Fields(),
        form: Fields = Fields(), visitor: Visitor = .anonymous, source: String = "", cookies: [String: String] = [:],
        bearer: String? = nil, entityTag: String? = nil, authority: String = "",
        reference: String = "", body: [UInt8] = [], contentType: String? = nil
    ) {
        self.method = method
        self.path = path
        self.parameters = parameters
        self.query = query
        self.form = form
        self.visitor = visitor
        self.source = source
        self.cookies = cookies
        self.bearer = bearer
        self.entityTag = entityTag
        self.authority = authority
        self.reference = reference
        self.body = body
        self.contentType = contentType
    }

    /// The value of the route's segment `name`.
    ///
    /// - Throws: `Fault.notFound` when the route has no such segment.
    package func parameter(_ name: String) throws -> String {
        guard let value = parameters[name] else { throw Fault(.notFound, "There is no such page.") }
        return value
    }

    /// The identifier in the route's segment `name`.
    ///
    /// - Throws: `Fault.notFound` when the segment is no identifier.
    package func identifier<Kind>(_ name: String) throws -> Identifier<Kind> {
        guard let value = Identifier<Kind>(try parameter(name)) else {
            throw Fault(.notFound, "There is no such page.")
        }
        return value
    }

    /// The person who asks.
    ///
    /// - Throws: `Fault.notSignedIn` for everybody else.
    package func person() throws -> SignedIn {
        guard case .person(let signedIn) = visitor else { throw Fault(.notSignedIn, "Please sign in.") }
        return signedIn
    }

    /// The hidden field of a form on this page; empty before signing in.
    package var formField: CSRFField {
        if case .person(let signedIn) = visitor { CSRFField(value: signedIn.formToken) } else { CSRFField(value: "") }
    }
}

/// Who is at the other end of a request.
package enum Visitor: Sendable {
    /// Nobody known.
    case anonymous
    /// Somebody who signed in.
    case person(SignedIn)
    /// Another system, known by its bearer token.
    case application(EntityReference)

    /// The visitor as the principal of a decision.
    package var principal: EntityReference {
        switch self {
        case .anonymous: .anonymous
        case .person(let signedIn): .person(signedIn.person.id)
        case .application(let application): application
        }
    }

    /// How the visitor proved who they are.
    package var assurance: Assurance? {
        if case .person(let signedIn) = self { signedIn.assurance } else { nil }
    }
}
