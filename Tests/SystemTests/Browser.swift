// SPDX-License-Identifier: Apache-2.0

import Foundation
import OneTimePassword
import TestSupport

/// A browser without a screen: curl with a jar of cookies.
struct Browser: Sendable {
    let address: String
    let jar: String
    /// Whether it takes new cookies; several that work at once with one jar must not.
    var takesCookies = true

    /// An answer of the server.
    struct Reply: Sendable {
        /// The HTTP status; 0 when nobody answered.
        let status: Int
        let body: String
        /// Where a redirect leads.
        let location: String
    }

    /// Asks for a page.
    func get(_ path: String) async throws -> Reply {
        try await ask(path, [])
    }

    /// Sends a form.
    func post(_ path: String, _ fields: [String: String]) async throws -> Reply {
        let sorted = fields.sorted { $0.key < $1.key }
        return try await ask(path, sorted.flatMap { ["--data-urlencode", "\($0.key)=\($0.value)"] })
    }

    private func ask(_ path: String, _ more: [String]) async throws -> Reply {
        let options = [
            "-s", "-S", "-k", "--noproxy", "*", "--max-time", "30", "-b", jar, "-w", "\n%{http_code} %{redirect_url}",
        ]
        let keeping = takesCookies ? ["-c", jar] : []
        let curl = try await Program.run("/usr/bin/curl", options + keeping + more + ["\(address)\(path)"])
        let end = curl.output.lastIndex(of: "\n") ?? curl.output.startIndex
        let trailer = curl.output[end...].dropFirst().split(separator: " ")
        return Reply(
            status: trailer.first.flatMap { Int($0) } ?? 0, body: String(curl.output[..<end]),
            location: trailer.count > 1 ? String(trailer[1]) : "")
    }

    /// Sets up the sign-in behind a welcome link, and is signed in then. Returns the phone's secret.
    func enrol(_ welcome: String, login: String, name: String, password: String) async throws -> TOTP {
        guard let path = URL(string: welcome)?.path else { throw TestSupportError("no welcome link: \(welcome)") }
        let details = try await post(
            path, ["login": login, "name": name, "password": password, "again": password])
        guard details.status == 303 else { throw TestSupportError("the details were answered by \(details.status)") }
        let page = try await get(path).body
        guard let start = page.range(of: "<code id=\"secret\">"),
            let end = page[start.upperBound...].range(of: "</code>")
        else { throw TestSupportError("no secret on the page") }
        let base32 = page[start.upperBound..<end.lowerBound].filter { $0.isLetter || $0.isNumber }
        let phone = try TOTP(secret: OneTimeSecret(base32: String(base32)))
        let done = try await post("\(path)/code", ["code": Self.code(phone)])
        guard done.status == 200 else { throw TestSupportError("the code was answered by \(done.status)") }
        return phone
    }

    /// The paths of the charts of so many patients, or of all, by searching for one letter after the other.
    func charts(atLeast count: Int) async throws -> [String] {
        var paths: Set<String> = []
        guard let proof = try await get("/records").body.firstMatch(of: /name="csrf" value="([^"]+)"/) else {
            throw TestSupportError("no form on the page of the patients")
        }
        for letter in "abcdefghijklmnopqrstuvwxyz" where paths.count < count {
            let found = try await post("/records", ["q": "\(letter)", "csrf": String(proof.1)]).location
            let page = try await get(String(found.dropFirst(address.count))).body
            paths.formUnion(page.matches(of: /"(\/records\/[0-9a-f-]{36})"/).map { String($0.1) })
        }
        return paths.sorted()
    }

    /// Signs in, with the code of `stepsAhead` steps from now: each works once.
    func signIn(_ login: String, _ password: String, _ phone: TOTP, stepsAhead: Int64 = 1) async throws -> Reply {
        try await post(
            "/sign-in", ["login": login, "password": password, "code": Self.code(phone, stepsAhead: stepsAhead)])
    }

    /// What the phone shows.
    static func code(_ phone: TOTP, stepsAhead: Int64 = 0) -> String {
        let step = phone.step(at: Int64(Date().timeIntervalSince1970)) ?? 0
        return phone.code(forStep: step + stepsAhead)?.text ?? ""
    }
}
