// SPDX-License-Identifier: Apache-2.0

import Building
import CedarPolicy
import Kernel
import Ledger
import Store
import TestSupport
import Testing

@testable import Access

/// From a text to rules in force: what is refused on the way, and whom it takes.
struct DraftTests {
    private static let builtIn = String(decoding: BuiltInRules.policies, as: UTF8.self)
    private static let readChart = Action("vault.read-chart", "Read a patient's chart")

    /// Nobody's access but that to figures is touched.
    private static let harmless =
        builtIn + """

            @id("visitor-of-figures")
            @title("Researchers see the settings")
            permit (principal in Role::"researcher", action == Action::"settings.read", resource);
            """
    /// Opens every chart to those who pay the bills.
    private static let sensitive =
        builtIn + """

            @id("billing-reads-all")
            @title("Billing reads everything")
            permit (principal in Role::"billing", action == Action::"vault.read-chart", resource is Patient);
            """

    private static func without(_ id: String) throws -> String {
        let start = try #require(builtIn.firstRange(of: "@id(\"\(id)\")")?.lowerBound)
        let end = try #require(builtIn[start...].firstRange(of: ";\n")?.upperBound)
        return String(builtIn[..<start] + builtIn[end...])
    }

    // What must not get in.

    @Test(
        arguments: [
            ("permit (principal, action, resource) when { 1 + };", 1),
            ("permit (principal, action, resource);", 1),
            ("@id(\"a\")\npermit (principal, action, resource) when { principal.colour == 1 };", 2),
            (
                "@id(\"a\")\npermit (principal is Person, action, resource)\nwhen { principal.isActive };\n@id(\"b\")\nforbid (principal, action, resource is Patient)\nwhen { resource.department == Department::\"A\" };",
                6
            ),
            ("@id(\"a\") permit (principal in ?principal, action, resource);", nil),
            ("@id(\"a\") permit (principal, action, resource);\n@id(\"a\") permit (principal, action, resource);", 2),
            ("", nil),
        ] as [(String, Int?)])
    func errorsAreFoundAtTheirLine(text: String, line: Int?) throws {
        let findings = try RuleFindings(checking: Array(text.utf8))
        #expect(findings.book == nil)
        let first = try #require(findings.errors.first)
        #expect(first.line == line, "\(findings.errors)")
        #expect(first.sentence.count > 10)
    }

    @Test func oneMistakeIsSaidOnce() throws {
        let text = """
            @id("a")
            permit (principal, action, resource) when { principal.colour == 1 };
            @id("b")
            permit (principal, action, resource) when { principal.shape == 1 };
            """
        let sentences = try RuleFindings(checking: Array(text.utf8)).errors.map(\.sentence)
        let colour = sentences.filter { $0.contains("colour") }
        #expect(colour.count == 1, "\(sentences)")
        for type in ["Application", "Operator", "Person", "System", "Visitor"] {
            #expect(colour.first?.contains("`\(type)`") == true, "\(sentences)")
        }
        #expect(colour.first?.contains("`Person` (it has `isActive`, `isOnDuty` and `key`)") == true, "\(sentences)")
        #expect(sentences.count { $0.contains("shape") } == 1, "\(sentences)")
        #expect(sentences.count == 2)
    }

    @Test func textsWithoutEndAreRefused() throws {
        let long = Self.builtIn + String(repeating: "// x\n", count: DraftLimits.bytes / 5)
        #expect(try RuleFindings(checking: Array(long.utf8)).errors.first?.sentence.contains("262144") == true)
        let deep =
            "@id(\"a\") permit (principal, action, resource) when { "
            + String(repeating: "(", count: 60) + "true" + String(repeating: ")", count: 60) + " };"
        #expect(try RuleFindings(checking: Array(deep.utf8)).book == nil)
        #expect(try RuleFindings(checking: BuiltInRules.policies).all.isEmpty)
    }

    @Test func rulesThatLockEverybodyOutAreRefused() async throws {
        try await AccessFixture.with { house in
            _ = house.person("Ada", .administrator)
            for (id, words) in [
                ("administrator", "manage people"), ("operator", "runs the machine"),
                ("account-closed", "account is closed"), ("second-factor", "second factor"),
            ] {
                let text = Array(try Self.without(id).utf8)
                let objections = try await house.desk.check(text).objections
                #expect(objections.contains { $0.contains(words) }, "\(id): \(objections)")
                await #expect(throws: Fault.self) {
                    _ = try await house.desk.add(text, note: "", by: house.person("Eve", .administrator))
                }
            }
            #expect(try await house.desk.check(BuiltInRules.policies).objections.isEmpty)
        }
    }

    /// What a guard is called does not matter, what it does.
    @Test(arguments: [
        ("@id(\"account-closed\")", "@id(\"gone\")", true),
        ("unless { principal.isActive };", "unless { principal.isActive || principal in Role::\"nurse\" };", false),
        (
            "unless { principal.isActive };",
            "unless { principal.isActive || context.now > datetime(\"2099-01-01\") };", false
        ),
        ("unless { context.secondFactor };", "when { resource is Patient } unless { context.secondFactor };", false),
        (
            "forbid (principal is Person, action, resource)\nunless { context.secondFactor };",
            "forbid (principal, action, resource)\nwhen { principal is Person && !context.secondFactor };", true
        ),
    ])
    func guardsAreKnownByWhatTheyDo(old: String, new: String, isFine: Bool) async throws {
        #expect(Self.builtIn.contains(old))
        try await AccessFixture.with { house in
            _ = house.person("Ada", .administrator)
            let checked = try await house.desk.check(Array(Self.builtIn.replacing(old, with: new).utf8))
            #expect(checked.findings.errors.isEmpty, "\(checked.findings.errors)")
            #expect(checked.objections.isEmpty == isFine, "\(checked.objections)")
        }
    }

    // From a draft to rules.

    @Test(arguments: StoreFixture.dialects)
    func whoeverWidensNothingSensitiveNeedsNobody(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            let (ada, researcher) = (house.person("Ada", .administrator), house.person("Rosa", .researcher))
            let id = try await house.desk.add(Array(Self.harmless.utf8), note: "Figures", by: ada)
            let draft = try await house.desk.draft(id)
            #expect(try await house.desk.note(of: draft) == "Figures")
            let shown = try await house.shown(draft)
            #expect(!shown.impact.isSensitive && shown.impact.gains.count == 1 && shown.impact.losses.isEmpty)
            #expect(try await house.desk.enforceInTime(id, shown: shown.digest, by: ada) == .inForce(1))

            // Another process has its own shelf, and reads the version each time.
            let other = try AccessPractice.makeAuthorizer(store: house.house.store, directory: house.people)
            let request = AccessRequest(
                principal: .person(researcher), action: Action("settings.read", "See the settings"),
                resource: Kernel.EntityReference(type: "institution", id: "this"),
                assurance: Assurance(secondFactor: true, at: house.now))
            #expect(try await other.decide(request).isAllowed)
            #expect(try await house.desk.text(ofVersion: 1) == Array(Self.harmless.utf8))

            let back = try await house.desk.add(try await house.desk.text(ofVersion: 0), note: "", by: ada)
            let look = try await house.shown(try await house.desk.draft(back))
            #expect(look.impact.losses.count == 1)
            #expect(try await house.desk.enforceInTime(back, shown: look.digest, by: ada) == .inForce(2))
            #expect(try await !other.decide(request).isAllowed)
            #expect(try await house.facts(DraftFacts.inForce) == 2)
            #expect(try await RulesProbe.probe(house.house).read()?.fulfilling == 1)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func whatIsSensitiveTakesAnother(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            try await house.useCareTeams()
            let (ada, paul) = (house.person("Ada", .administrator), house.person("Paul", .privacyOfficer))
            _ = (house.person("Bill", .billing), house.patient())
            let id = try await house.desk.add(Array(Self.sensitive.utf8), note: "", by: ada)
            let shown = try await house.shown(try await house.desk.draft(id))
            // Nothing is left out any more for billing.
            #expect(shown.impact.lines.keys.contains { if case .shown = $0.change { true } else { false } })
            #expect(try await house.desk.enforceInTime(id, shown: shown.digest, by: ada) == .needsAnother)
            await #expect(throws: Fault.self) { try await house.desk.approveInTime(id, shown: shown.digest, by: paul) }
            try await house.desk.propose(id, by: ada)
            await #expect(throws: Fault.self) { try await house.desk.approveInTime(id, shown: shown.digest, by: ada) }
            // The rules say the same: one's own draft, and somebody else's.
            #expect(try await !house.decide(AccessActions.approveRules, ada, onDraft: id).isAllowed)
            #expect(try await house.decide(AccessActions.approveRules, paul, onDraft: id).isAllowed)
            #expect(try await house.desk.approveInTime(id, shown: shown.digest, by: paul) == .inForce(1))
            let approval = try #require(try await house.desk.approvals(of: try await house.desk.draft(id)).first)
            #expect(approval.person == paul && approval.digest == shown.digest)
            #expect(try await house.facts(DraftFacts.approved) == 1)
            await #expect(throws: Fault.self) { try await house.desk.withdraw(id, by: ada) }
        }
    }

    @Test func whatNobodyHasTodayIsSensitiveAllTheSame() async throws {
        try await AccessFixture.with { house in
            // Nobody is in billing, and there is no patient.
            let ada = house.person("Ada", .administrator)
            let id = try await house.desk.add(Array(Self.sensitive.utf8), note: "", by: ada)
            let shown = try await house.shown(try await house.desk.draft(id))
            #expect(shown.impact.gains.isEmpty && shown.impact.isSensitive)
            #expect(try await house.desk.enforceInTime(id, shown: shown.digest, by: ada) == .needsAnother)
        }
    }

    /// What holds later only, and for nobody who is here, is found all the same.
    @Test(arguments: [
        "permit (principal is Visitor, action == Action::\"vault.read-chart\", resource is Patient) when { context.now > datetime(\"2099-01-01\") };",
        "permit (principal in Role::\"nurse\", action in Action::\"protected\", resource is Patient) when { context.now.toTime() > duration(\"23h30m\") };",
        "permit (principal in Department::\"Records\", action == Action::\"identity.manage-people\", resource);",
        "permit (principal in Role::\"coder\", action == Action::\"vault.read-chart\", resource is Patient) when { !principal.isOnDuty };",
    ])
    func whatHoldsLaterIsSensitiveToday(rule: String) async throws {
        try await AccessFixture.with { house in
            let ada = house.person("Ada", .administrator)
            let text = Self.builtIn + "\n@id(\"later\")\n" + rule
            let id = try await house.desk.add(Array(text.utf8), note: "", by: ada)
            let shown = try await house.shown(try await house.desk.draft(id))
            #expect(shown.impact.gains.isEmpty && !shown.impact.possible.isEmpty)
            #expect(try await house.desk.enforceInTime(id, shown: shown.digest, by: ada) == .needsAnother)
        }
    }

    @Test func whoeverSawLessLooksAgain() async throws {
        try await AccessFixture.with { house in
            let ada = house.person("Ada", .administrator)
            _ = house.person("Rosa", .researcher)
            let id = try await house.desk.add(Array(Self.harmless.utf8), note: "", by: ada)
            let shown = try await house.shown(try await house.desk.draft(id))
            let second = house.person("Rita", .researcher)
            #expect(try await house.desk.enforceInTime(id, shown: shown.digest, by: ada) == .lookAgain)
            #expect(try await house.desk.version() == 0)
            // Who gains less than was shown need not look again.
            house.people.set(
                PersonSummary(
                    id: second, name: "Rita", login: "rita", roles: [], isEnabled: true, hasSecondFactor: true))
            #expect(try await house.desk.enforceInTime(id, shown: shown.digest, by: ada) == .inForce(1))
        }
    }

    @Test func savingTakesWhatWasPutForwardBack() async throws {
        try await AccessFixture.with { house in
            let (ada, paul) = (house.person("Ada", .administrator), house.person("Paul", .privacyOfficer))
            let id = try await house.desk.add(Array(Self.harmless.utf8), note: "", by: ada)
            try await house.desk.propose(id, by: ada)
            await #expect(throws: Fault.self) {
                try await house.desk.save(id, Array(Self.sensitive.utf8), note: "", by: paul)
            }
            let shown = try await house.shown(try await house.desk.draft(id))
            try await house.desk.save(id, Array(Self.sensitive.utf8), note: "", by: ada)
            #expect(try await house.desk.draft(id).proposed == nil)
            try await house.desk.propose(id, by: ada)
            #expect(try await house.desk.approveInTime(id, shown: shown.digest, by: paul) == .lookAgain)
            try await house.desk.withdraw(id, by: ada)
            #expect(try await house.facts(DraftFacts.withdrawn) == 1)
        }
    }

    @Test func storedRulesThatCannotBeReadAreNoticed() async throws {
        try await AccessFixture.with { house in
            _ = house.person("Ada", .administrator)
            let (version, _) = try await house.desk.put(
                Array(Self.harmless.utf8), note: "", by: .operator(uid: 0))
            #expect(version == 1)
            #expect(try await RulesProbe.probe(house.house).read()?.fulfilling == 1)
            try await house.house.store.write { tx in
                try tx.execute("UPDATE access_rules SET policies = ?", [.bytes(Array("permit".utf8))])
            }
            #expect(try await RulesProbe.probe(house.house).read()?.fulfilling == 0)
            #expect(try await house.rules.census().book.version == 0)
            // Readable, but not what came into force.
            try await house.house.store.write { tx in
                try tx.execute("UPDATE access_rules SET policies = ?", [.bytes(BuiltInRules.policies)])
            }
            #expect(try await RulesProbe.probe(house.house).read()?.fulfilling == 0)
        }
    }

    @Test func everyActHasWords() throws {
        let acts = try HouseSchema.schema().actions.filter { !$0.value.resources.isEmpty }.map(\.key.id.string)
        for act in acts { #expect(ActionWords.title(act) != act, "\(act)") }
    }
}

extension DraftDesk {
    /// As a person does who comes back when the comparison takes long.
    func enforceInTime(
        _ id: Identifier<Kernel.Record>, shown: [UInt8], by person: Identifier<Kernel.Person>
    ) async throws -> Outcome {
        while true {
            let returned = try await draft(id).returned
            let outcome = try await enforceAlone(id, shown: shown, seen: returned, by: person)
            if outcome != .computing { return outcome }
        }
    }

    /// As an author does who read what was written.
    func propose(_ id: Identifier<Kernel.Record>, by person: Identifier<Kernel.Person>) async throws {
        try await propose(id, seen: try await draft(id).returned, by: person)
    }

    /// The same for whoever approves.
    func approveInTime(
        _ id: Identifier<Kernel.Record>, shown: [UInt8], by person: Identifier<Kernel.Person>
    ) async throws -> Outcome {
        while true {
            let outcome = try await approve(id, shown: shown, by: person)
            if outcome != .computing { return outcome }
        }
    }

    /// Stores a draft after it was checked.
    func add(
        _ text: [UInt8], note: String, by person: Identifier<Kernel.Person>
    ) async throws -> Identifier<Kernel.Record> {
        try await add(try await check(text), note: note, by: person)
    }

    /// Stores it anew in the same way.
    func save(
        _ id: Identifier<Kernel.Record>, _ text: [UInt8], note: String, by person: Identifier<Kernel.Person>
    ) async throws {
        try await save(id, try await check(text), note: note, by: person)
    }
}

extension AccessFixture {
    /// The desk for drafts; each has its own memory of what was shown, so keep one where that matters.
    var desk: DraftDesk { DraftDesk(house: house, impacts: impacts) }

    /// What the page of a draft shows.
    func shown(_ draft: RuleDraft) async throws -> ImpactDesk.Result {
        while true {
            if case .ready(let result) = try await desk.impacts.look(at: draft.policies) { return result }
        }
    }

    /// How many facts of a kind the log holds.
    func facts(_ kind: FactKind) async throws -> Int {
        try await house.ledger.settle()
        var query = LeafQuery()
        query.kind = kind.id
        return try await house.ledger.leaves(query).count
    }

    /// What the rules say about a draft.
    func decide(
        _ action: Action, _ person: Identifier<Kernel.Person>, onDraft draft: Identifier<Kernel.Record>
    ) async throws -> Kernel.Decision {
        try await rules.decide(
            AccessRequest(
                principal: .person(person), action: action,
                resource: Kernel.EntityReference(type: "rule-draft", id: draft.description),
                assurance: Assurance(secondFactor: true, at: now)))
    }
}
