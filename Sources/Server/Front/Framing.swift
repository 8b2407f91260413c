// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Ledger
import TransparencyLog
import Web

/// Puts the frame of the console around what a practice says.
struct Framing: Sendable {
    let register: HouseRegister
    let places: [NavigationPlace]
    let house: House

    /// The answer as it goes over the wire.
    func respond(
        with answer: Answer, to incoming: IncomingRequest, visitor: Visitor
    ) async throws -> OutgoingResponse {
        var headers = answer.headers
        switch answer.body {
        case .none:
            headers.append(("cache-control", "no-store"))
            return OutgoingResponse(status: answer.status, headers: headers, body: [])
        case .bytes(let bytes, let mediaType):
            headers.append(("content-type", mediaType))
            if !headers.contains(where: { $0.name == "cache-control" }) {
                headers.append(("cache-control", "no-store"))
            }
            return OutgoingResponse(status: answer.status, headers: headers, body: bytes)
        case .page(let page):
            headers += [("content-type", "text/html; charset=utf-8"), ("cache-control", "no-store")]
            let html = try await document(page, incoming.path, visitor)
            return OutgoingResponse(status: answer.status, headers: headers, body: html.render())
        }
    }

    /// The page that says what went wrong, in the frame that the visitor knows.
    func respond(
        with fault: Fault, to incoming: IncomingRequest, visitor: Visitor, reference: String
    ) async -> OutgoingResponse {
        let headers = [("content-type", "text/html; charset=utf-8"), ("cache-control", "no-store")]
        let page = PageContent(
            title: ErrorWords.title(of: fault), content: ErrorWords.page(fault, visitor, reference),
            isPlain: visitor.person == nil)
        guard let html = try? await document(page, incoming.path, visitor) else {
            let plain = [("content-type", "text/plain; charset=utf-8"), ("cache-control", "no-store")]
            return OutgoingResponse(
                status: fault.httpStatus, headers: plain, body: Array("\(fault.message) (\(reference))\n".utf8))
        }
        return OutgoingResponse(status: fault.httpStatus, headers: headers, body: html.render())
    }

    private func document(_ page: PageContent, _ path: String, _ visitor: Visitor) async throws -> HTML {
        let checkpoint = try await house.ledger.checkpoint()?.checkpoint
        let facts = SiteFacts(
            institution: register.name, isSynthetic: register.isSynthetic, version: Version.number,
            logSize: checkpoint?.size ?? 0, rootHash: checkpoint?.root.base64 ?? "")
        guard let signedIn = visitor.person, !page.isPlain else {
            let width: EntranceFrame.Width = page.isWide ? .wide : .narrow
            return EntranceFrame(title: page.title, site: facts, width: width, main: page.content).html
        }
        let person = SignedInPerson(
            name: signedIn.person.name,
            roles: signedIn.person.roles.compactMap { StaffRole(rawValue: $0)?.title },
            csrf: CSRFField(value: signedIn.formToken), profilePath: "/me")
        return PageFrame(
            title: page.title, site: facts, person: person,
            navigation: try await navigation(for: visitor, at: path), main: page.content
        ).html
    }

    /// The places where the visitor may go.
    private func navigation(for visitor: Visitor, at path: String) async throws -> [NavigationEntry] {
        // Of two places one below the other, the page belongs to the lower one.
        let current = places.filter { $0.holds(path) }.max { $0.path.utf8.count < $1.path.utf8.count }?.path
        var entries: [NavigationEntry] = []
        for place in places {
            guard try await place.isOpen(to: visitor, house) else { continue }
            let waiting = await place.amount(for: visitor)
            guard !place.isHiddenWhileEmpty || waiting ?? 0 > 0 else { continue }
            let title = waiting.map { $0 > 0 ? "\(place.title) (\($0))" : place.title } ?? place.title
            entries.append(NavigationEntry(title, path: place.path, isCurrent: place.path == current))
        }
        return entries
    }
}

extension NavigationPlace {
    /// Whether the visitor may go there.
    func isOpen(to visitor: Visitor, _ house: House) async throws -> Bool {
        try await house.authorizer.decide(
            AccessRequest(
                principal: visitor.principal, action: action, resource: Site.institution,
                assurance: visitor.assurance)
        ).isAllowed
    }

    /// How much waits there for the visitor; nil where nothing ever does. A page is not kept back because that cannot be
    /// counted.
    func amount(for visitor: Visitor) async -> Int? {
        guard let waiting, let person = visitor.person else { return nil }
        return (try? await waiting(person)) ?? 0
    }

    /// Whether the page at `path` belongs to it.
    fileprivate func holds(_ page: String) -> Bool {
        path == "/" ? page == "/" || page.hasPrefix("/posture") : page.hasPrefix(path)
    }
}

extension Visitor {
    /// The session of the visitor, if there is one.
    var person: SignedIn? {
        if case .person(let signedIn) = self { signedIn } else { nil }
    }
}
