// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Web

// How much is read, and who asks.
extension Front {
    /// Where a request leads: looked up once.
    struct Place {
        let route: Route
        let parameters: [String: String]
    }

    /// Who asks. Of a program, it is decided at the same moment what it may: its token and the rules are one reading.
    struct Guest {
        var visitor = Visitor.anonymous
        var decision: Decision?
        /// Whether it is a program that somebody switched off: it is answered like everybody, and told why.
        var isSwitchedOff = false
    }

    /// How many bytes anybody may send; forms of those who are not signed in are short.
    static let strangersBody = 16 * 1_024

    func place(of incoming: IncomingRequest) -> Place? {
        site.match(method: incoming.method, path: incoming.path).map {
            Place(route: $0.route, parameters: $0.parameters)
        }
    }

    /// Who sends this request, as of now.
    func guest(of incoming: IncomingRequest, at place: Place?) async throws -> Guest {
        if let route = place?.route, route.isForPrograms {
            let admission = try await house.authorizer.admit(
                bearer: incoming.bearer, to: route.action, on: Site.institution)
            return Guest(
                visitor: admission.application.map(Visitor.application) ?? .anonymous, decision: admission.decision,
                isSwitchedOff: admission.isSwitchedOff)
        }
        guard let cookie = incoming.cookies["__Host-salus"],
            let signedIn = try await house.directory.signedIn(cookie: cookie)
        else { return Guest() }
        return Guest(visitor: .person(signedIn))
    }

    /// A body that is longer than what anybody may send, if this visitor may send it.
    ///
    /// - Throws: `Fault.tooLarge`, or `notSignedIn` to whoever could send it after signing in.
    func longBody(_ body: WebServer.Body, of guest: Guest, at place: Place?) async throws -> [UInt8] {
        if case .anonymous = guest.visitor {
            if let route = place?.route, route.action.audience != .everyone { throw Self.unknown(route, guest) }
            throw Self.tooLarge(Self.strangersBody)
        }
        let limit = place?.route.largestBody ?? WebServer.bodyLimit
        guard let bytes = try await body(limit) else { throw Self.tooLarge(limit) }
        return bytes
    }

    private static func tooLarge(_ limit: Int) -> Fault {
        Fault(.tooLarge, "More was sent than the \(limit / 1_024) KiB that are read here. Send less at once.")
    }

    /// What somebody hears who has to say who they are.
    static func unknown(_ route: Route, _ guest: Guest = Guest()) -> Fault {
        guard !guest.isSwitchedOff else {
            return Fault(
                .refused,
                """
                This application is switched off in Salus. Whoever looks after applications can switch it on again: \
                `salus access applications set NAME --enable`.
                """)
        }
        return route.isForPrograms
            ? Fault(.notSignedIn, "Send the bearer token of an application that Salus knows.")
            : Fault(.notSignedIn, "Please sign in, then try again.")
    }
}
