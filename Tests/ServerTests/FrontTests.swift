// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Ledger
import Logging
import Testing
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

    @Test func metricsAreClosedWithoutAToken() async throws {
        try await withFront { front, _ in
            let closed = await front.answer(request("GET", "/metrics"))
            #expect(closed.status == 404)
            let guessed = await front.answer(
                request("GET", "/metrics", headers: [("authorization", "Bearer guess")]))
            #expect(guessed.status == 404)
        }
    }

    @Test func errorTextsAreEscaped() async throws {
        try await withFront { front, _ in
            let answer = await front.answer(request("GET", "/%3Cscript%3Ealert(1)%3C%2Fscript%3E"))
            #expect(!String(decoding: answer.body, as: UTF8.self).contains("<script>alert"))
        }
    }
}
