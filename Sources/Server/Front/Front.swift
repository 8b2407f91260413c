// SPDX-License-Identifier: Apache-2.0

import Access
import Building
import Codecs
import Kernel
import Ledger
import Logging
import Store
import Web

/// The one line that every request passes: who, may they, and why; then the practice, then the frame.
struct Front: Sendable {
    let site: Site
    let house: House
    let framing: Framing
    let meter: Meter
    let logger: Logger

    /// Answers a request that was read as a whole.
    func answer(_ incoming: IncomingRequest) async -> OutgoingResponse {
        await answer(incoming) { limit in incoming.body.count <= limit ? incoming.body : nil }
    }

    /// Answers a request; never throws, because a failure is an answer too.
    func answer(_ head: IncomingRequest, body: WebServer.Body) async -> OutgoingResponse {
        let reference = Self.makeReference()
        let started = ContinuousClock.now
        let place = place(of: head)
        let isForPrograms = place?.route.isForPrograms ?? site.isForPrograms(path: head.path)
        var incoming = head
        var guest = Guest()
        var outgoing: OutgoingResponse
        do {
            if let short = try await body(Self.strangersBody) {
                incoming.body = short
            } else {
                guest = try await self.guest(of: head, at: place)
                incoming.body = try await longBody(body, of: guest, at: place)
            }
            // Also after a long body, which may come slowly: a session or a token that ended meanwhile opens nothing.
            guest = try await self.guest(of: head, at: place)
            let answer = try await handle(incoming, guest, at: place, reference)
            outgoing = try await framing.respond(with: answer, to: incoming, visitor: guest.visitor)
        } catch {
            let fault = told(error, guest.visitor, reference)
            outgoing =
                isForPrograms
                ? OutgoingResponse(program: fault, reference: reference)
                : await framing.respond(with: fault, to: incoming, visitor: guest.visitor, reference: reference)
        }
        if isForPrograms, let id = head.requestID {
            outgoing.headers.append(("x-request-id", id))
        }
        outgoing.headers += SecurityHeaders.all
        meter.count(status: outgoing.status, duration: ContinuousClock.now - started)
        return outgoing
    }

    private func handle(
        _ incoming: IncomingRequest, _ guest: Guest, at place: Place?, _ reference: String
    ) async throws -> Answer {
        guard let place else {
            throw site.knows(path: incoming.path)
                ? Fault(.invalidInput, "This address does not take \(incoming.method) requests.")
                : Fault(.notFound, "There is no such page.")
        }
        let (route, visitor) = (place.route, guest.visitor)
        var request = try read(incoming, place.parameters, visitor, reference)
        if route.method == "POST" { try checkOrigin(incoming, request) }
        let resource = route.resource(request)
        let asked = AccessRequest(
            principal: visitor.principal, action: route.action, resource: resource, assurance: visitor.assurance)
        let decision: Decision
        if let known = guest.decision { decision = known } else { decision = try await house.authorizer.decide(asked) }
        guard decision.isAllowed else {
            return try await refuse(request, route, resource, decision, guest)
        }
        request.decision = decision
        try await recordAllowance(request, route, resource, decision)
        // What programs ask changes nothing; an act on a page does.
        guard route.method == "POST", !route.isForPrograms else { return try await route.handle(request) }
        // Acts on pages are small, and locking somebody out cannot wait for space; an import asks for room itself.
        return try await house.ledger.makingRoom { [request] in try await route.handle(request) }
    }

    private func read(
        _ incoming: IncomingRequest, _ parameters: [String: String], _ visitor: Visitor, _ reference: String
    ) throws -> PageRequest {
        let isForm = incoming.header("content-type")?.hasPrefix("application/x-www-form-urlencoded") ?? false
        guard let query = Fields(urlEncoded: Array(incoming.query.utf8)),
            let form = isForm ? Fields(urlEncoded: incoming.body) : Fields()
        else { throw Fault(.invalidInput, "The request could not be read.") }
        return PageRequest(
            method: incoming.method, path: incoming.path, parameters: parameters, query: query, form: form,
            visitor: visitor, source: incoming.source, cookies: incoming.cookies, bearer: incoming.bearer,
            entityTag: incoming.header("if-none-match"),
            authority: incoming.header("host") ?? incoming.header(":authority") ?? "", reference: reference,
            body: incoming.body, contentType: incoming.header("content-type"))
    }

    /// An act must come from a form of this site: the browser says so, and of a session the form itself proves it.
    private func checkOrigin(_ incoming: IncomingRequest, _ request: PageRequest) throws {
        let foreign = Fault(.refused, "This form was not sent from a page of Salus. Open the page again and retry.")
        // Under `Referrer-Policy: no-referrer` browsers send `Origin: null`, so Sec-Fetch-Site is what can be asked.
        if let site = incoming.header("sec-fetch-site"), site != "same-origin", site != "none" { throw foreign }
        guard case .person(let signedIn) = request.visitor else { return }
        guard let token = request.form["csrf"],
            constantTimeEqual(Array(token.utf8), Array(signedIn.formToken.utf8))
        else { throw foreign }
    }

    /// Keeps the rules that allowed an act, before it is done.
    ///
    /// Of what is read, a patient's records and who can see them leave facts of their own, which name their rules too.
    /// Pages about the clinic show no patient and change nothing: a leaf for each would bury those that matter. The same
    /// holds for what everybody may do, such as signing out.
    private func recordAllowance(
        _ request: PageRequest, _ route: Route, _ resource: EntityReference, _ decision: Decision
    ) async throws {
        guard route.method == "POST", route.action.audience == .entitled, !route.isForPrograms else { return }
        let fact = Fact(
            AccountingFacts.allowed, by: request.visitor.principal,
            [
                .init("action", .string(route.action.id)), .init("resource", .string(resource.type)),
                .init("id", .string(Self.identifier(of: resource))),
                .init("rules", .array(decision.rules.map { .string($0) })),
            ])
        try await house.care { tx in try tx.record(fact) }
    }

    /// What stands in an address may be a name that somebody typed: only an identifier of ours enters the log.
    private static func identifier(of resource: EntityReference) -> String {
        Identifier<Kernel.Record>(resource.id)?.description ?? ""
    }

    /// Of a denial, the rule that came nearest and what it lacked: a part of a policy, so nothing about a patient.
    private static func nearest(_ decision: Decision) -> [CanonicalMember] {
        guard let nearest = decision.nearest else { return [] }
        let condition = String(decoding: nearest.condition.utf8.prefix(longestCondition), as: UTF8.self)
        return [.init("nearest", .string(nearest.rule)), .init("condition", .string(condition))]
    }

    /// In bytes; a letter that is cut in two there becomes a mark of three.
    private static let longestCondition = 297

    /// Nobody known is asked to sign in; somebody known gets the reason, and the refusal is a leaf where there is room.
    private func refuse(
        _ request: PageRequest, _ route: Route, _ resource: EntityReference, _ decision: Decision, _ guest: Guest
    ) async throws -> Answer {
        guard case .person(let signedIn) = request.visitor else {
            if case .application = request.visitor { throw Fault(.refused, decision.explanation) }
            guard !route.isForPrograms, request.method != "POST" else { throw Self.unknown(route, guest) }
            let next = request.path == "/" ? "" : "?next=\(PercentCoding.encode(request.path))"
            return .seeOther("/sign-in\(next)")
        }
        let id = Self.identifier(of: resource)
        let fact = Fact(
            AccessFacts.refused, by: .person(signedIn.person.id),
            [
                .init("action", .string(route.action.id)), .init("resource", .string(resource.type)),
                .init("id", .string(id)),
                .init("rules", .array(decision.rules.map { .string($0) })),
            ] + Self.nearest(decision))
        await Refusals(house: house, meter: meter, logger: logger).record(fact)
        guard decision.opensByBreakGlass, resource.type == "patient", !id.isEmpty else {
            throw Fault(.refused, decision.explanation)
        }
        let rule = decision.nearest.map { " The rule that came nearest: \($0.title)." } ?? ""
        throw Fault(
            .refused, decision.explanation + rule,
            ways: [Fault.Way("Open in an emergency", to: AccessPractice.emergencyPath(of: id))])
    }

    /// What is said about a failure; the operator's log has the rest of it.
    private func told(_ error: any Error, _ visitor: Visitor, _ reference: String) -> Fault {
        let fault: Fault
        if let known = error as? Fault {
            fault = known
        } else {
            fault = Fault(.internal, "Something went wrong inside Salus.", cause: error)
        }
        if fault.httpStatus >= 500 {
            logger.error("A request failed", metadata: ["reference": "\(reference)", "error": "\(fault)"])
        }
        // Strangers learn nothing of the inside; the reference leads the operator to it.
        let isTold = visitor.isKnown || fault.httpStatus < 500 || fault.code == .storageFull
        return isTold ? fault : Fault(fault.code, "Salus cannot answer just now.")
    }

    private static func makeReference() -> String {
        let letters = Array("abcdefghjkmnpqrstuvwxyz23456789".utf8)
        return String(decoding: (0..<8).map { _ in letters.randomElement() ?? letters[0] }, as: UTF8.self)
    }
}
