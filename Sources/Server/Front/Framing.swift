// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Ledger
import TransparencyLog
import Web

/// Puts the frame of the console around what a practice says.
struct Framing: Sendable {
    let register: HouseRegister
    let places: Places
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
            navigation: try await places.entries(for: visitor, at: path), main: page.content
        ).html
    }
}
