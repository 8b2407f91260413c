// SPDX-License-Identifier: Apache-2.0

import Access
import Building
import CedarPolicy
import Kernel
import Testing

@testable import Server

/// The schema of the rules speaks of the acts that the program has, and the rules are valid by it.
struct HouseSchemaTests {
    private static let groups: Set<String> = ["everyone", "signed-in", "protected"]

    @Test func theSchemaHasEveryActionAndNoOther() throws {
        let schema = try Schema(parsing: BuiltInRules.schema)
        let known = Set(schema.actions.keys.map(\.id.string)).subtracting(Self.groups)
        let real = Set((ConsoleActions.all + Practices.all.flatMap { $0.actions }).map(\.id))
            .union(ProtectedClass.allCases.map(\.action.id))
        #expect(known.subtracting(real) == [], "the schema has actions that the program does not have")
        #expect(real.subtracting(known) == [], "the schema lacks actions of the program")
    }

    @Test func eachActionIsInTheGroupOfItsAudience() throws {
        let schema = try Schema(parsing: BuiltInRules.schema)
        for action in ConsoleActions.all + Practices.all.flatMap({ $0.actions }) {
            let type = try #require(schema.actions.first { $0.key.id.string.utf8.elementsEqual(action.id.utf8) }?.value)
            let parents = Set(type.parents.map(\.id.string))
            let expected: Set<String> =
                switch action.audience {
                case .everyone: ["everyone"]
                case .signedIn: ["signed-in"]
                case .entitled: parents.intersection(["protected"])
                }
            #expect(parents == expected, "\(action.id)")
        }
    }

    @Test func theRulesAreStrictlyValid() throws {
        let schema = try Schema(parsing: BuiltInRules.schema)
        let result = schema.validate(try PolicySet(parsing: BuiltInRules.policies))
        #expect(result.errors.isEmpty && result.warnings.isEmpty, "\(result)")
    }
}
