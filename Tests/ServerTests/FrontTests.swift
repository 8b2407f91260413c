// SPDX-License-Identifier: Apache-2.0

import Access
import Building
import Codecs
import Kernel
import Ledger
import Logging
import Store
import Synchronization
import Testing
import TransparencyLog
import Web

@testable import Server

/// What the front does before any page is asked.
struct FrontTests {
    private func withFront<T>(_ body: (Front, Estate) async throws -> T) async throws -> T {
        try await EstateFixture.withEstate { estate in
            let authority = try await ConsoleAuthority.open(estate)
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            return try await body(
                try Console.front(estate, meter: Meter(), authority: authority, logger: logger), estate)
        }
    }

    private func request(
        _ method: String, _ path: String, headers: [(name: String, value: String)] = [], body: String = ""
    ) -> IncomingRequest {
        IncomingRequest(
            method: method, path: path, query: "", headers: headers, body: Array(body.utf8), source: "192.0.2.1")
    }

    @Test func everyAnswerCarriesTheSecurityHeaders() async throws {
        try await withFront { front, _ in
            for path in ["/healthz", "/", "/no-such-page", "/sign-in", "/assets/none.css"] {
                let answer = await front.answer(request("GET", path))
                for (name, value) in SecurityHeaders.all {
                    #expect(answer.headers.contains { $0.name == name && $0.value == value }, "\(path) \(name)")
                }
            }
        }
    }

    @Test func whoeverIsNotSignedInIsAskedToSignIn() async throws {
        try await withFront { front, estate in
            let site = front.site
            for route in site.routes where route.action.audience != .everyone {
                let path = route.path.replacing("{...tile}", with: "000").replacing("{position}", with: "0")
                    .replacing("{", with: "").replacing("}", with: "")
                let answer = await front.answer(request(route.method, path))
                let location = answer.headers.first { $0.name == "location" }?.value ?? ""
                let isAsked =
                    route.method == "GET"
                    ? answer.status == 303 && location.hasPrefix("/sign-in") : answer.status == 401
                #expect(isAsked, "\(route.method) \(route.path): \(answer.status)")
            }
            let pending = try await estate.house.ledger.pendingCount()
            #expect(pending < 20, "strangers cannot fill the log")
        }
    }

    @Test(arguments: [("GET", "/nothing", 404), ("PUT", "/sign-in", 400), ("DELETE", "/", 400), ("GET", "/%", 404)])
    func unknownAddressesAreSaidToBeUnknown(method: String, path: String, status: Int) async throws {
        try await withFront { front, _ in
            let answer = await front.answer(request(method, path))
            #expect(answer.status == status)
            #expect(String(decoding: answer.body, as: UTF8.self).contains("Reference"))
        }
    }

    @Test func aFormOfAnotherSiteIsRefused() async throws {
        try await withFront { front, _ in
            let answer = await front.answer(
                request(
                    "POST", "/sign-in",
                    headers: [("sec-fetch-site", "cross-site"), ("content-type", "application/x-www-form-urlencoded")],
                    body: "login=a&password=b&code=1"))
            #expect(answer.status == 403)
        }
    }

    @Test func brokenFormsAreNoServerErrors() async throws {
        try await withFront { front, _ in
            for body in ["%", "%zz=1", "a=%ff", String(repeating: "a=1&", count: 2_000)] {
                let answer = await front.answer(
                    request(
                        "POST", "/sign-in", headers: [("content-type", "application/x-www-form-urlencoded")],
                        body: body))
                #expect(answer.status == 400, "\(body.prefix(10))")
            }
        }
    }

    @Test(arguments: [
        ("POST", "/access/v1/evaluation", 401), ("GET", "/access/v1/evaluation", 400),
        ("POST", "/access/v1/nothing", 404), ("PUT", "/.well-known/authzen-configuration", 400),
        ("GET", "/.well-known/authzen-configuration", 200),
    ])
    func programsAreAnsweredInJSONUnderTheIdOfTheirRequest(method: String, path: String, status: Int) async throws {
        try await withFront { front, _ in
            func ask(_ id: String?) async -> OutgoingResponse {
                let fields = [("host", "salus.test")] + (id.map { [("x-request-id", $0)] } ?? [])
                return await front.answer(request(method, path, headers: fields))
            }
            func header(_ name: String, _ answer: OutgoingResponse) -> [String] {
                answer.headers.filter { $0.name == name }.map(\.value)
            }
            let answer = await ask("a request; of=ours")
            #expect(answer.status == status)
            #expect(header("content-type", answer) == ["application/json"])
            #expect(header("x-request-id", answer) == ["a request; of=ours"])
            for id in [nil, "a\r\nset-cookie: b", "a\u{0}", "a\u{7F}"] {
                #expect(header("x-request-id", await ask(id)).isEmpty)
            }
        }
    }

    @Test func aProgramThatAsksTooMuchIsToldWhenToComeBack() {
        let answer = OutgoingResponse(program: Fault(.throttled, "Wait."), reference: "abc")
        #expect(answer.status == 429 && answer.headers.contains { $0.name == "retry-after" && $0.value == "1" })
        let other = OutgoingResponse(program: Fault(.unavailable, "Wait."), reference: "abc")
        #expect(other.status == 503 && !other.headers.contains { $0.name == "retry-after" })
    }

    /// Knows one token, for so long, and notes what it is asked.
    private final class OneToken: Authorizer {
        private let asked = Mutex<[String]>([])
        private let admissions: Int

        /// - Parameter admissions: how often the token is known before it is revoked.
        init(admissions: Int = .max) { self.admissions = admissions }

        var all: [String] { asked.withLock { $0 } }
        func note(_ what: String) { asked.withLock { $0.append(what) } }
        func decide(_ request: AccessRequest) async throws -> Decision {
            note("decide")
            return Decision(isAllowed: false, rules: [], explanation: "No.")
        }
        func admit(bearer: String?, to action: Action, on resource: EntityReference) async throws -> Admission {
            let isKnown = bearer == "right" && all.count { $0 == "admit" } < admissions
            note("admit")
            return Admission(
                application: isKnown ? EntityReference(type: "application", id: "one") : nil,
                decision: Decision(
                    isAllowed: isKnown || action.audience == .everyone, rules: [], explanation: "Only with the token."),
                isSwitchedOff: bearer == "switched off")
        }
    }

    private func asked(by rules: OneToken, _ front: Front, _ estate: Estate) -> Front {
        let house = House(
            ledger: estate.house.ledger, store: estate.house.store, clock: estate.house.clock,
            directory: estate.house.directory, authorizer: rules, keyring: estate.house.keyring)
        return Front(site: front.site, house: house, framing: front.framing, meter: front.meter, logger: front.logger)
    }

    @Test(arguments: [100, 20_000])
    func aProgramThatIsSwitchedOffIsToldSo(size: Int) async throws {
        try await withFront { front, estate in
            let front = asked(by: OneToken(), front, estate)
            func post(_ bearer: String) async -> OutgoingResponse {
                await front.answer(
                    request(
                        "POST", "/access/v1/evaluation", headers: [("authorization", "Bearer \(bearer)")],
                        body: String(repeating: " ", count: size)))
            }
            let off = await post("switched off")
            #expect(off.status == 403)
            #expect(String(decoding: off.body, as: UTF8.self).contains("This application is switched off"))
            let unknown = await post("guessed")
            #expect(unknown.status == 401)
            #expect(String(decoding: unknown.body, as: UTF8.self).contains("of an application that Salus knows"))
            // What everybody is told, it is told too.
            let addresses = await front.answer(
                request(
                    "GET", "/.well-known/authzen-configuration",
                    headers: [("host", "salus.test"), ("authorization", "Bearer switched off")]))
            #expect(addresses.status == 200)
        }
    }

    @Test func whoAProgramIsAndWhatItMayAreOneQuestion() async throws {
        try await withFront { front, estate in
            let rules = OneToken()
            let answer = await asked(by: rules, front, estate).answer(
                request(
                    "GET", "/.well-known/authzen-configuration",
                    headers: [("host", "salus.test"), ("authorization", "Bearer right")]))
            #expect(answer.status == 200 && rules.all == ["admit"])
        }
    }

    @Test(arguments: [(10, 1), (40_000, 2)])
    func aTokenThatIsRevokedWhileTheBodyComesOpensNothing(size: Int, admissions: Int) async throws {
        try await withFront { front, estate in
            // Known as long as the body is not there.
            let rules = OneToken(admissions: admissions - 1)
            let head = request("POST", "/access/v1/evaluation", headers: [("authorization", "Bearer right")])
            let answer = await asked(by: rules, front, estate).answer(head) { limit in
                rules.note("body")
                return size <= limit ? Array(repeating: 0, count: size) : nil
            }
            #expect(answer.status == 401)
            #expect(rules.all.last == "admit" && rules.all.count { $0 == "admit" } == admissions)
            #expect(rules.all.first == "body")
        }
    }

    @Test func strangersSendOnlyALittle() async throws {
        try await withFront { front, _ in
            for (path, size, status) in [
                ("/sign-in", 16_384, 400), ("/sign-in", 16_385, 413), ("/nothing", 16_385, 413),
                ("/access/drafts", 16_385, 401), ("/access/v1/evaluation", 16_384, 401),
                ("/access/v1/evaluation", 16_385, 401), ("/access/v1/nothing", 16_385, 413),
            ] {
                let isProgram = path.contains("/v1/")
                let type = isProgram ? "application/json" : "application/x-www-form-urlencoded"
                // No form: what is read of it is an error of its own.
                let body = "a=%" + String(repeating: "a", count: size - 3)
                let answer = await front.answer(
                    request("POST", path, headers: [("content-type", type), ("x-request-id", "r1")], body: body))
                #expect(answer.status == status, "\(path) \(size)")
                let page = String(decoding: answer.body, as: UTF8.self)
                if status == 413 { #expect(page.contains("16 KiB")) }
                #expect(answer.headers.contains { $0.name == "x-request-id" && $0.value == "r1" } == isProgram)
                #expect(page.hasPrefix("{") == isProgram)
            }
        }
    }

    @Test func whoIsKnownSendsAsMuchAsARouteReads() async throws {
        try await withFront { front, estate in
            let nurse = try signedIn(["nurse"], front, estate)
            func post(_ size: Int) async -> OutgoingResponse {
                let headers = [
                    ("cookie", "__Host-salus=any"), ("content-type", "application/x-www-form-urlencoded"),
                ]
                let body = "csrf=token&a=" + String(repeating: "a", count: size - 13)
                return await nurse.answer(request("POST", "/sign-out", headers: headers, body: body))
            }
            #expect(await post(65_536).status == 303)
            let long = await post(65_537)
            #expect(long.status == 413)
            #expect(String(decoding: long.body, as: UTF8.self).contains("64 KiB"))

            let program = asked(by: OneToken(), front, estate)
            let fields = [
                ("authorization", "Bearer right"), ("x-request-id", "r1"), ("content-type", "application/json"),
            ]
            let answer = await program.answer(
                request(
                    "POST", "/access/v1/evaluation", headers: fields, body: String(repeating: " ", count: 65_537)))
            #expect(answer.status == 413 && answer.headers.contains { $0.name == "x-request-id" && $0.value == "r1" })
            #expect(String(decoding: answer.body, as: UTF8.self).contains(#""error":"too-large""#))
        }
    }

    @Test func metricsAreClosedWithoutAToken() async throws {
        try await withFront { front, _ in
            let closed = await front.answer(request("GET", "/metrics"))
            #expect(closed.status == 404)
            let guessed = await front.answer(
                request("GET", "/metrics", headers: [("authorization", "Bearer guess")]))
            #expect(guessed.status == 404)
        }
    }

    @Test func entriesStayClosedHoweverTheirAddressIsSpelt() async throws {
        try await withFront { front, estate in
            try await estate.house.ledger.settle()
            let size = try await estate.house.ledger.checkpoint()?.checkpoint.size ?? 0
            try #require((1..<256).contains(size))
            let hashes = await front.answer(request("GET", "/ledger/tile/0/000.p/\(size)"))
            #expect(hashes.status == 200)
            for spelling in ["entries", "%65ntries", "entries%2F000.p/\(size)", "%65ntries%2f000.p"] {
                let path = spelling.contains("000") ? spelling : "\(spelling)/000.p/\(size)"
                let answer = await front.answer(request("GET", "/ledger/tile/\(path)"))
                #expect(answer.status == 303 || answer.status == 404, "\(path): \(answer.status)")
            }
        }
    }

    private static let person = Identifier<Kernel.Person>(at: Instant(microseconds: 0))

    /// A front before which one person of these roles is signed in.
    private func signedIn(_ roles: [String], _ front: Front, _ estate: Estate) throws -> Front {
        let person = PersonSummary(
            id: Self.person, name: "Test", login: "test", roles: roles, isEnabled: true, hasSecondFactor: true)
        let directory = OneSession(
            session: SignedIn(
                person: person, assurance: Assurance(secondFactor: true, at: Instant(microseconds: 0)),
                formToken: "token", session: "session"))
        let house = House(
            ledger: estate.house.ledger, store: estate.house.store, clock: estate.house.clock, directory: directory,
            authorizer: try AccessPractice.makeAuthorizer(store: estate.house.store, directory: directory),
            keyring: estate.house.keyring)
        return Front(site: front.site, house: house, framing: front.framing, meter: front.meter, logger: front.logger)
    }

    private func newest(_ kind: FactKind, _ estate: Estate) async throws -> Ledger.Leaf? {
        try await estate.house.ledger.settle()
        var query = LeafQuery()
        query.kind = kind.id
        return try await estate.house.ledger.leaves(query).first?.leaf
    }

    @Test func whatIsTypedIntoAnAddressNeverEntersTheLog() async throws {
        try await withFront { front, estate in
            let signedIn = try signedIn(["front-desk"], front, estate)
            let answer = await signedIn.answer(
                request("GET", "/records/Maria%20Muster%201980", headers: [("cookie", "__Host-salus=any")]))
            #expect(answer.status == 403)
            let leaf = try #require(try await newest(AccessFacts.refused, estate))
            #expect(!String(decoding: try leaf.encoded(), as: UTF8.self).contains("Muster"))
        }
    }

    @Test func aRefusalKeepsTheNearestRuleAndWhatItLacked() async throws {
        try await withFront { front, estate in
            let signedIn = try signedIn(["front-desk"], front, estate)
            let id = Identifier<Kernel.Record>(at: Instant(microseconds: 0))
            let answer = await signedIn.answer(
                request("GET", "/records/\(id)", headers: [("cookie", "__Host-salus=any")]))
            #expect(answer.status == 403)
            let leaf = try #require(try await newest(AccessFacts.refused, estate))
            #expect(leaf.data["id"]?.stringValue == id.description)
            #expect(leaf.data["nearest"]?.stringValue?.isEmpty == false)
            let condition = try #require(leaf.data["condition"]?.stringValue)
            #expect(condition.contains("Role::") && condition.utf8.count <= 300)
        }
    }

    @Test func refusalsLeaveTheSpaceThatIsKeptForCare() async throws {
        try await withFront { front, estate in
            let signedIn = try signedIn(["front-desk"], front, estate)
            let reserve = try #require(estate.house.ledger.reserve)
            let id = Identifier<Kernel.Record>(at: Instant(microseconds: 0))
            func ask() async -> OutgoingResponse {
                await signedIn.answer(request("GET", "/records/\(id)", headers: [("cookie", "__Host-salus=any")]))
            }
            #expect(try await reserve.release())
            let answers = [await ask(), await ask()]
            #expect(answers.map(\.status) == [403, 403])

            #expect(
                try await newest(AccessFacts.refused, estate) == nil, "they are not written into the space for care")
            #expect(front.meter.prometheus().contains("salus_refusals_unrecorded_total 2"))
            // What is care goes on.
            try await estate.house.care { tx in try tx.record(Fact(AccountingFacts.allowed, by: .system)) }
            #expect(try await newest(AccountingFacts.allowed, estate) != nil)

            try await reserve.restore()
            #expect(await ask().status == 403)
            #expect(try await newest(AccessFacts.refused, estate) != nil)
            let told = try #require(try await newest(RefusalFacts.unrecorded, estate))
            #expect(told.data == ["refusals": 2] && told.actor == .system)
            #expect(front.meter.takeMissedRefusals() == 0)
        }
    }

    @Test func anActKeepsTheRulesThatAllowedItAndAReadingOfTheClinicDoesNot() async throws {
        try await withFront { front, estate in
            let signedIn = try signedIn(["administrator"], front, estate)
            let headers = [
                ("cookie", "__Host-salus=any"), ("content-type", "application/x-www-form-urlencoded"),
            ]
            _ = await signedIn.answer(request("GET", "/access/rules", headers: headers))
            #expect(try await newest(AccountingFacts.allowed, estate) == nil)
            let body = "csrf=token&act=department&department=Emergency"
            // The decision is kept before the act, also of one that comes to nothing: nobody here has this id.
            let answer = await signedIn.answer(
                request("POST", "/access/staff/\(Self.person)", headers: headers, body: body))
            #expect(answer.status == 404)
            let leaf = try #require(try await newest(AccountingFacts.allowed, estate))
            #expect(leaf.data["action"]?.stringValue == "access.manage-staff" && leaf.actor == .person(Self.person))
            #expect(leaf.data["rules"]?.arrayValue == ["administrator"])
        }
    }

    @Test func theRulesOfAnEntryLeadToTheirPages() async throws {
        try await withFront { front, estate in
            let signedIn = try signedIn(["administrator"], front, estate)
            let fact = Fact(
                AccountingFacts.allowed, by: .system,
                [.init("rules", ["administrator", "everyone"]), .init("nearest", "emergency")])
            try await estate.house.store.write { tx in try tx.record(fact) }
            try await estate.house.ledger.settle()
            let place = try #require(try await estate.house.ledger.leaves().first?.position)
            let answer = await signedIn.answer(
                request("GET", "/log/\(place)", headers: [("cookie", "__Host-salus=any")]))
            let page = String(decoding: answer.body, as: UTF8.self)
            for rule in ["administrator", "everyone", "emergency"] {
                #expect(page.contains("href=\"/access/rules/\(rule)\""), "\(rule)")
            }
        }
    }

    private struct OneSession: PeopleDirectory {
        let session: SignedIn

        func person(_ id: Identifier<Kernel.Person>) async throws -> PersonSummary? { session.person }
        func everyone() async throws -> [PersonSummary] { [session.person] }
        func signedIn(cookie: String) async throws -> SignedIn? { session }
    }

    @Test func errorTextsAreEscaped() async throws {
        try await withFront { front, _ in
            let answer = await front.answer(request("GET", "/%3Cscript%3Ealert(1)%3C%2Fscript%3E"))
            #expect(!String(decoding: answer.body, as: UTF8.self).contains("<script>alert"))
        }
    }
}
