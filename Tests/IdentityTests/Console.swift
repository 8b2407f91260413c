// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Keyring
import Ledger
import Logging
import Store
import Web

@testable import Identity

/// Says yes to everything but a few: what the routes demand is tested by their actions.
private struct YesAuthorizer: Authorizer {
    let refusing: Set<String>

    func decide(_ request: AccessRequest) async throws -> Decision {
        Decision(isAllowed: !refusing.contains(request.action.id), rules: ["test"], explanation: "test")
    }
}

/// The pages of this practice as a browser asks for them, without a socket.
struct Console {
    let clinic: Clinic
    let site: Site
    let house: House

    init(_ clinic: Clinic, localTime: LocalTime = .utc, refusing: Set<String> = []) async throws {
        self.clinic = clinic
        let ledger = try await EvidenceLog(
            store: clinic.store, tiles: TableTileStore(clinic.store), signingKey: [UInt8](repeating: 7, count: 32),
            institution: clinic.keyring.institution, logger: Logger(label: "test"))
        house = House(
            ledger: ledger, store: clinic.store, clock: clinic.clock, directory: clinic.directory,
            authorizer: YesAuthorizer(refusing: refusing), keyring: clinic.keyring, localTime: localTime)
        var site = Site()
        try await IdentityPractice(house).routes(&site)
        self.site = site
    }

    func ask(
        _ method: String, _ target: String, form: String = "", cookies: [String: String] = [:]
    ) async throws -> Answer {
        let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
        guard let (route, parameters) = site.match(method: method, path: parts[0]) else {
            throw Fault(.notFound, target)
        }
        var visitor = Visitor.anonymous
        if let cookie = cookies["__Host-salus"], let signedIn = try await house.directory.signedIn(cookie: cookie) {
            visitor = .person(signedIn)
        }
        let query = parts.count > 1 ? Fields(urlEncoded: Array(parts[1].utf8)) : Fields()
        return try await route.handle(
            PageRequest(
                method: method, path: parts[0], parameters: parameters, query: query ?? Fields(),
                form: Fields(urlEncoded: Array(form.utf8)) ?? Fields(), visitor: visitor, source: "192.0.2.7",
                cookies: cookies, authority: "salus.example:8443"))
    }
}

extension Answer {
    var html: String {
        if case .page(let page) = body { page.content.renderString() } else { "" }
    }

    var location: String? { headers.first { $0.name == "location" }?.value }

    /// The cookies that the answer sets.
    var cookies: [String: String] {
        var cookies: [String: String] = [:]
        for header in headers where header.name == "set-cookie" {
            let pair = header.value.split(separator: ";")[0].split(separator: "=", maxSplits: 1)
            cookies[String(pair[0])] = pair.count > 1 ? String(pair[1]) : ""
        }
        return cookies
    }
}
