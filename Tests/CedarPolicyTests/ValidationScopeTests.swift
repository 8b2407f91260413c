// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Testing

/// What validation says about several policies, templates and kinds of requests, and how much it does at most.
@Suite struct ValidationScopeTests {
    @Test func anErrorNamesThePolicyThePlaceAndTheRequest() throws {
        let result = try Clinic.validate(
            """
            permit(principal, action, resource);
            permit(principal, action, resource)
            when { context.why == "round" };
            """)
        #expect(
            result.errors.map(\.description) == [
                "policy `policy1`, line 3, column 15: an empty record has no attribute `why` "
                    + "(for `Action::\"sign\"` of a `Doctor` on a `Chart`)"
            ])
    }

    @Test func errorsAreInTheOrderOfTheTextAndEachOnce() throws {
        let result = try Clinic.validate(
            """
            permit(principal, action == Action::"read", resource)
            when { principal.pager == 1 } unless { principal is Patient } when { 1 + "a" == 2 && principal.x };
            """)
        #expect(result.errors.map(\.position.column) == [17, 17, 50, 74, 95, 95])
        #expect(result.errors.map(\.reason) == result.errors.map(\.reason).uniqued())
    }

    @Test func templatesAreCheckedForEveryTypeOfTheirSlots() throws {
        #expect(try Clinic.validate("permit(principal == ?principal, action, resource in ?resource);").isValid)
        let faulty = try Clinic.validate(
            "permit(principal in ?principal, action == Action::\"sign\", resource) when { principal.wage == 1 };")
        #expect(faulty.errors.map(\.policy) == ["policy0"])
        let never = try Clinic.validate("permit(principal is Ward in ?principal, action, resource);")
        #expect(never.errors.map(\.reason) == [.noApplicableAction])
    }

    @Test func aPolicyMadeFromATemplateIsCheckedWithItsEntities() throws {
        var policies = try PolicySet(parsing: "permit(principal == ?principal, action, resource);")
        let ward = EntityUID(type: try #require(TypeName("Ward")), id: "w")
        try policies.link("policy0", as: "wrong", [.principal: ward])
        let result = try Schema(parsing: Clinic.schema).validate(policies)
        #expect(result.errors.map(\.policy) == ["wrong"])
        #expect(result.errors.map(\.reason) == [.noApplicableAction])
    }

    @Test func whatAnUnlessAsksIsKnownAfterIt() throws {
        let head = "permit(principal, action == Action::\"sign\", resource)"
        #expect(
            try Clinic.validate("\(head) unless { !(principal has pager) } when { principal.pager == 1 };").isValid
                == false)
        #expect(try Clinic.validate("\(head) when { principal has pager } when { principal.pager == 1 };").isValid)
    }

    @Test func actionsOfOtherNamespacesAreGroups() throws {
        let schema = try Schema(
            parsing: """
                entity Person;
                namespace Ward { action all; }
                action read in Ward::Action::"all" appliesTo { principal: Person, resource: Person };
                """)
        func check(_ policy: String) throws -> ValidationResult { schema.validate(try PolicySet(parsing: policy)) }
        let all = try check("permit(principal, action in Ward::Action::\"all\", resource);")
        #expect(all.isValid && all.warnings.isEmpty)
        let mixed = try check("permit(principal, action in [Ward::Action::\"all\", Action::\"read\"], resource);")
        #expect(mixed.errors.count == 1 && !mixed.isValid)
    }

    @Test func enoughIsEnough() throws {
        let names = (0..<200).map { "T\($0)" }.joined(separator: ", ")
        let schema = try Schema(
            parsing: "entity \(names); action a, b, c appliesTo { principal: [\(names)], resource: [\(names)] };")
        let policies = try PolicySet(
            parsing: String(
                repeating: "permit(principal, action, resource) when { context.x == principal.y };", count: 50))
        let result = schema.validate(policies, limits: ValidationLimits(steps: 100_000))
        #expect(result.errors.last?.reason == .tooMuchWork(steps: 100_000))
        #expect(result.errors.count < 200)
    }

    @Test func largeTypesStopTheCheck() throws {
        var text = "type T0 = { a: Long };"
        for level in 1...15 { text += "type T\(level) = { a: T\(level - 1), b: T\(level - 1) };" }
        text += "entity E { x: T15, y: T15 }; action a appliesTo { principal: E, resource: E };"
        let schema = try Schema(parsing: text)
        let policies = try PolicySet(parsing: "permit(principal, action, resource) when { principal.x == resource.y };")
        #expect(schema.validate(policies).isValid)
        let limited = schema.validate(policies, limits: ValidationLimits(steps: 10_000))
        #expect(limited.errors.map(\.reason) == [.tooMuchWork(steps: 10_000)])
    }

    @Test func longPathsAndManyConditionsAreNoStackOverflow() throws {
        let path = Array(repeating: "home", count: 100_000).joined(separator: ".")
        let conditions = String(repeating: "when { true } ", count: 100_000)
        let result = try Clinic.validate(
            "permit(principal is Nurse, action, resource) \(conditions) unless { principal has \(path) };")
        #expect(result.isValid)
        let high = String(repeating: "!!!!(", count: 120) + "true" + String(repeating: ")", count: 120)
        #expect(try Clinic.validate("permit(principal, action, resource) when { \(high) };").isValid)
        let row = Array(repeating: "principal has pager", count: 900).joined(separator: " && ")
        #expect(try Clinic.validate("permit(principal, action, resource) when { \(row) };").isValid)
    }
}

extension Array where Element: Hashable {
    fileprivate func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
