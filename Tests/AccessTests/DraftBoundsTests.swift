// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel
import TestSupport
import Testing

@testable import Access

/// What a draft can make Salus look at has an end, and what is looked at is more than today.
struct DraftBoundsTests {
    private static let builtIn = String(decoding: BuiltInRules.policies, as: UTF8.self)

    private static func with(_ rules: String) -> [UInt8] { Array((builtIn + "\n" + rules).utf8) }

    /// A rule about charts for each of many days of one year.
    private static func dates(_ count: Int, _ year: Int) -> [UInt8] {
        with(
            (0..<count).map { number in
                let (month, day) = (number / 28 + 1, number % 28 + 1)
                let text = "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
                return """
                    @id("day-\(number)")
                    permit (principal in Role::"nurse", action == Action::"vault.read-chart", resource is Patient)
                    when { context.now > datetime("\(text)") && ip("10.0.\(number).1").isInRange(ip("10.0.\(number).0/24")) };

                    """
            }.joined())
    }

    // How much.

    @Test func datesWithoutEndAreRefusedAtOnce() async throws {
        try await AccessFixture.with { house in
            let ada = house.person("Ada", .administrator)
            let checked = try await house.desk.check(Self.dates(200, 2199))
            #expect(checked.findings.errors.isEmpty && checked.objections.count == 1 && checked.isTooLarge)
            #expect(checked.objections.first?.contains("200 different times") == true, "\(checked.objections)")
            #expect(checked.objections.first?.contains("split the draft") == true)
            await #expect(throws: Fault.self) { _ = try await house.desk.add(checked, note: "", by: ada) }
            await #expect(throws: Fault.self) { _ = try await house.impacts.compute(Self.dates(200, 2199)) }
            // What is over does not come again.
            #expect(try await house.desk.check(Self.dates(200, 2001)).objections.isEmpty)
            #expect(try await house.desk.check(Self.dates(Moments.limit, 2199)).objections.isEmpty)
        }
    }

    @Test func situationsWithoutEndAreRefusedAtOnce() async throws {
        try await AccessFixture.with { house in
            _ = house.person("Ada", .administrator)
            let names = (0..<150).map { "Department::\"D\($0)\"" }.joined(separator: ", ")
            let rule = """
                @id("many") permit (principal is Person, action == Action::"vault.read-hiv", resource is Patient)
                when { resource has department && [\(names)].contains(resource.department) };
                """
            let objections = try await house.desk.check(Self.with(rule)).objections
            #expect(objections.count == 1 && objections.first?.contains("situations") == true, "\(objections)")
        }
    }

    /// What is the same in both texts is not asked about, and a guard that stands in the text needs no questions.
    @Test func whatCannotDifferCostsNothing() async throws {
        let book = try RuleBook.builtIn()
        func size(_ text: [UInt8]) throws -> Int {
            let pair = RulePair(before: book, after: try RuleBook(parsing: text))
            let now = Instant(microseconds: 1_800_000_000_000_000)
            let questions = try SurveyQuestions(pair, Circumstances(now: now, secondFactor: true, careTeams: true))
            return try RoleSituations.bounded(questions).size
        }
        let same = try size(BuiltInRules.policies)
        #expect(same == 0)
        let small = try size(
            Self.with("@id(\"a\") permit (principal in Role::\"x\", action == Action::\"settings.read\", resource);"))
        #expect(small > 0 && small < 1_000)
        let doubtful = try size(
            Array(Self.builtIn.replacing("unless { principal.isActive };", with: "when { !principal.isActive };").utf8))
        #expect(doubtful > 10_000)
    }

    @Test func theSearchEndsWhenNobodyWaitsForIt() async throws {
        let rule = "@id(\"a\") permit (principal, action in Action::\"protected\", resource is Patient);"
        let pair = RulePair(before: try RuleBook.builtIn(), after: try RuleBook(parsing: Self.with(rule)))
        let now = Instant(microseconds: 1_800_000_000_000_000)
        let questions = try SurveyQuestions(pair, Circumstances(now: now, secondFactor: true, careTeams: true))
        let situations = try RoleSituations.bounded(questions)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            var impact = Impact()
            try await situations.add(to: &impact)
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func oneDraftIsComparedAtATime() async throws {
        try await AccessFixture.with { house in
            _ = house.person("Ada", .administrator)
            // A guard in other words, on many days: some hundred thousand situations.
            let long = Array(
                String(decoding: Self.dates(Moments.limit, 2199), as: UTF8.self)
                    .replacing("unless { principal.isActive };", with: "when { !principal.isActive };").utf8)
            guard case .computing = try await house.impacts.look(at: long) else {
                Issue.record("It is not computed beside the request.")
                return
            }
            guard case .waiting = try await house.impacts.look(at: BuiltInRules.policies) else {
                Issue.record("Two are computed at once.")
                return
            }
            // Whoever saves another text makes room.
            house.impacts.drop(long)
            var progress = try await house.impacts.look(at: BuiltInRules.policies)
            while case .computing = progress { progress = try await house.impacts.look(at: BuiltInRules.policies) }
            guard case .ready(let result) = progress else {
                Issue.record("What was dropped still stands in the way.")
                return
            }
            #expect(result.impact.lines.isEmpty && !result.impact.isSensitive)
        }
    }

    // What is looked at.

    @Test(arguments: [
        // Somebody by name who is not here.
        (
            "permit (principal == Person::\"0190a000-0000-7000-8000-000000000001\", action == Action::\"vault.read-hiv\", resource is Patient);",
            "person:0190a000-0000-7000-8000-000000000001"
        ),
        // The charts of other departments.
        (
            "permit (principal in Role::\"laboratory\", action in Action::\"protected\", resource is Patient) when { principal in Department::\"Blood\" && resource has department && !(principal in resource.department) };",
            "laboratory"
        ),
        // Somebody who works in no department.
        (
            "permit (principal in Role::\"billing\", action == Action::\"identity.manage-people\", resource) unless { principal in Department::\"\" };",
            "billing"
        ),
        // Two roles of one person, and not a third one.
        (
            "permit (principal in Role::\"nurse\", action == Action::\"vault.read-psychotherapy\", resource is Patient) when { principal in Role::\"billing\" && !(principal in Role::\"researcher\") };",
            "billing + nurse"
        ),
        // Care and an emergency at once.
        (
            "permit (principal in Role::\"nurse\", action == Action::\"vault.read-psychotherapy\", resource is Patient) when { principal.hasTag(resource.key) && context.now < principal.getTag(resource.key) } when { resource.hasTag(principal.key) && context.now < resource.getTag(principal.key).until };",
            "nurse"
        ),
        // What counts from a day.
        (
            "permit (principal in Role::\"researcher\", action in Action::\"protected\", resource is Patient) when { context.now.durationSince(datetime(\"2020-01-01\")) > duration(\"40000d\") };",
            "researcher"
        ),
    ])
    func situationsThatNobodyIsInAreFound(rule: String, role: String) async throws {
        try await AccessFixture.with { house in
            try await house.useCareTeams()
            _ = house.person("Ada", .administrator)
            let impact = try await house.impacts.compute(Self.with("@id(\"new\") " + rule)).impact
            #expect(impact.lines.isEmpty)
            #expect(Set(impact.possible.map(\.role)) == [role], "\(impact.possible)")
        }
    }

    // Later.

    @Test(arguments: [
        ("action == Action::\"identity.manage-people\"", "context.now >= datetime(\"2099-05-01\")", "manage people"),
        ("action == Action::\"access.approve-rules\"", "context.now > datetime(\"2099-05-01\")", "approve rules"),
        ("action == Action::\"access.draft-rules\"", "context.now == datetime(\"2099-05-01\")", "put rules right"),
        (
            "action == Action::\"vault.read-chart\"",
            "datetime(\"2099-04-01\").offset(duration(\"30d\")) <= context.now", "open a chart in full"
        ),
        (
            "action == Action::\"access.break-glass\"", "context.now.toDate() > datetime(\"2099-04-30\")",
            "in an emergency"
        ),
    ])
    func whatLocksOutLaterIsRefusedToday(action: String, when: String, words: String) async throws {
        try await AccessFixture.with { house in
            _ = (house.person("Ada", .administrator), house.person("Nils", .nurse))
            let text = Self.with("@id(\"later\") forbid (principal, \(action), resource) when { \(when) };")
            let checked = try await house.desk.check(text)
            #expect(checked.findings.errors.isEmpty, "\(checked.findings.errors)")
            #expect(
                checked.objections.contains { $0.contains("2099-05-01") && $0.contains(words) }, "\(checked.objections)"
            )
        }
    }

    @Test func whatLocksOutEveryNightIsRefused() async throws {
        try await AccessFixture.with { house in
            _ = house.person("Ada", .administrator)
            let rule = "@id(\"night\") forbid (principal, action == Action::\"identity.manage-people\", resource)"
            let objections = try await house.desk.check(
                Self.with(rule + " when { context.now.toTime() >= duration(\"22h\") };")
            ).objections
            #expect(objections.contains { $0.contains("manage people") }, "\(objections)")
        }
    }

    /// A house in which nobody treats patients has nothing to lose there.
    @Test func whereNobodyOpensChartsNobodyIsLockedOutOfThem() async throws {
        try await AccessFixture.with { house in
            _ = house.person("Ada", .administrator)
            let text = Self.with("@id(\"none\") forbid (principal, action == Action::\"vault.read-chart\", resource);")
            let before = try await house.desk.check(text).objections
            #expect(before.isEmpty)
            _ = house.person("Nils", .nurse)
            let after = try await house.desk.check(text).objections
            #expect(after.count == 2, "\(after)")
        }
    }

    @Test func lossesOfALaterDayAreListedWithIt() async throws {
        try await AccessFixture.with { house in
            _ = (house.person("Ada", .administrator), house.person("Dora", .physician))
            let nils = house.person("Nils", .nurse)
            try await house.put(nils, in: "A")
            _ = house.patient(department: "A")
            let text = Self.with(
                """
                @id("later") forbid (principal in Role::"nurse", action == Action::"vault.read-chart", resource)
                when { context.now > datetime("2099-05-01") && context.now < datetime("2101-01-01") };
                """)
            let impact = try await house.impacts.compute(text).impact
            #expect(impact.lines.isEmpty && impact.isSensitive)
            let (later, count) = try #require(impact.later.first)
            // Nor would an emergency open the chart.
            #expect(Set(impact.later.keys.map(\.line.action)) == ["vault.read-chart", "access.break-glass"])
            #expect(impact.later.count == 2 && count == 1)
            #expect(later.from.rfc3339.hasPrefix("2099-05-01T00:00:00") && later.line.who == .person(nils))
            #expect(later.line.change == .lost && !impact.harmedLater.isEmpty)
            #expect(impact.laterSentences.map(\.sentence) == ["1 account loses access."])
        }
    }

    // Acting.

    /// What a quick look does not see, the search beside the request finds, and nobody puts it in force.
    @Test func aGuardWithAHoleForOneActIsNeverPutInForce() async throws {
        try await AccessFixture.with { house in
            let ada = house.person("Ada", .administrator)
            let hole = "principal.isActive || (principal in Role::\"nurse\" && action == Action::\"vault.read-chart\")"
            let text = Array(Self.builtIn.replacing("unless { principal.isActive }", with: "unless { \(hole) }").utf8)
            #expect(text != BuiltInRules.policies)
            let id = try await house.desk.add(text, note: "", by: ada)
            let shown = try await house.shown(try await house.desk.draft(id))
            #expect(shown.impact.broken == [.closedAccount])
            await #expect(throws: Fault.self) { try await house.desk.enforceInTime(id, shown: shown.digest, by: ada) }
            let paul = house.person("Paul", .privacyOfficer)
            try await house.desk.propose(id, by: ada)
            await #expect(throws: Fault.self) { try await house.desk.approveInTime(id, shown: shown.digest, by: paul) }
            await #expect(throws: Fault.self) { try await house.desk.put(text, note: "", by: .operator(uid: 0)) }
            #expect(try await house.desk.version() == 0)
        }
    }

    @Test func aRestartTakesNothingFromWhoeverLooked() async throws {
        try await AccessFixture.with { house in
            let ada = house.person("Ada", .administrator)
            _ = house.person("Rosa", .researcher)
            let text = Self.with(
                "@id(\"s\") permit (principal in Role::\"researcher\", action == Action::\"settings.read\", resource);")
            let id = try await house.desk.add(text, note: "", by: ada)
            let shown = try await house.shown(try await house.desk.draft(id))
            let restarted = DraftDesk(house: house.house, impacts: ImpactDesk(house.rules))
            _ = house.person("Rita", .researcher)
            #expect(try await restarted.enforceInTime(id, shown: shown.digest, by: ada) == .forgotten)
            #expect(try await restarted.enforceInTime(id, shown: [1], by: ada) == .forgotten)
            let now = try await house.desk.impacts.compute(text)
            let again = DraftDesk(house: house.house, impacts: ImpactDesk(house.rules))
            #expect(try await again.enforceInTime(id, shown: now.digest, by: ada) == .inForce(1))
        }
    }
}
