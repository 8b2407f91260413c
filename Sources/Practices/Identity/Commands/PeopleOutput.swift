// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel

/// How the commands show people.
enum PeopleOutput {
    /// A person for other programs.
    static func value(_ person: PersonRecord) -> CanonicalValue {
        .object(members(person))
    }

    private static func members(_ person: PersonRecord) -> [CanonicalMember] {
        [
            .init("id", .string(person.id.description)), .init("login", .string(person.login)),
            .init("name", .string(person.name)), .init("roles", .array(person.roles.map { .string($0) })),
            .init("enabled", .boolean(person.isEnabled)),
            .init("secondFactor", .boolean(person.factorConfirmed != nil)),
        ]
    }

    /// A person with their new welcome link.
    static func link(_ person: PersonRecord, _ address: String, isJSON: Bool) {
        if isJSON {
            Terminal.json(.object(members(person) + [.init("welcome", .string(address))]))
        } else {
            Terminal.line("welcome: \(address)")
        }
    }
}
