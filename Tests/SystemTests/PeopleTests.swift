// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// People who leave and come back, from the command line.
struct PeopleTests {
    @Test
    func whoWasDisabledComesBack() async throws {
        try await Installation.with(copyOf: try await Templates.shared.clinic()) { installation in
            let added = try await installation.salus(
                "people", "add", "--login", "grace", "--name", "Grace Adeyemi", "--role", "nurse")
            #expect(added.status == 0, "\(added.errors)")
            for (word, isEnabled) in [("disable", false), ("enable", true), ("enable", true)] {
                let done = try await installation.salus("people", word, "grace")
                #expect(done.status == 0 && done.output == "\(word)d: grace\n", "\(done.errors)")
                let listed = try await installation.salus("people", "list", "--json")
                #expect(listed.output.contains("\"enabled\":\(isEnabled)"), "\(listed.output)")
            }
            let unknown = try await installation.salus("people", "enable", "nobody")
            #expect(unknown.status == 1 && unknown.errors.contains("sign-in name"), "\(unknown.errors)")
        }
    }
}
