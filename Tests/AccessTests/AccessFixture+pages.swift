// SPDX-License-Identifier: Apache-2.0

import Kernel
import Testing
import Web

@testable import Access

/// The pages of this practice as a browser asks for them, without a socket and past the front.
extension AccessFixture {
    func ask(
        _ method: String, _ target: String, as person: Identifier<Kernel.Person>, form: [(String, String)] = []
    ) async throws -> Answer {
        var site = Site()
        try await AccessPractice(house).routes(&site)
        let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
        let (route, parameters) = try #require(site.match(method: method, path: parts[0]))
        let signedIn = SignedIn(
            person: try #require(try await people.person(person)),
            assurance: Assurance(secondFactor: true, at: now), formToken: "t", session: "s")
        let body = form.map { "\($0)=\(PercentCoding.encode($1))" }.joined(separator: "&")
        return try await route.handle(
            PageRequest(
                method: method, path: parts[0], parameters: parameters,
                query: Fields(urlEncoded: Array((parts.count > 1 ? parts[1] : "").utf8)) ?? Fields(),
                form: Fields(urlEncoded: Array(body.utf8)) ?? Fields(), visitor: .person(signedIn),
                cookies: ["__Host-salus": "c"]))
    }

    /// A page as text.
    func page(_ target: String, as person: Identifier<Kernel.Person>) async throws -> String {
        guard case .page(let page) = try await ask("GET", target, as: person).body else { return "" }
        return page.content.renderString()
    }
}

extension Answer {
    /// Where the browser is sent.
    var location: String? { headers.first { $0.name == "location" }?.value }
}
