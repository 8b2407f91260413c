// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Crypto
import Kernel
import Ledger
import Store
import TestSupport
import Testing
import Web

@testable import Access

/// Applications come, change and go, and what they ask is in the log without the ids of anybody.
struct ApplicationTests {
    private static let actor = Kernel.EntityReference.operator(uid: 0)
    private static let question = """
        {"subject": {"type": "user", "id": "alice"}, "action": {"name": "write"},
         "resource": {"type": "record", "id": "record-1"}}
        """

    private func leaves(_ house: AccessFixture, _ kind: FactKind) async throws -> [Ledger.Leaf] {
        try await house.house.ledger.settle()
        var query = LeafQuery()
        query.kind = kind.id
        return try await house.house.ledger.leaves(query).map(\.leaf)
    }

    @Test(arguments: StoreFixture.dialects)
    func aProgramIsAnsweredAsLongAsItMayAsk(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            let desk = try await house.desk()
            let name = try #require(ApplicationName("Lab portal"))
            let (added, token) = try await desk.add(name, CertificationFixture.texts, by: Self.actor)
            #expect(try await house.ask("/access/v1/evaluation", Self.question, token: token)["decision"]?.bool == true)
            #expect(try await desk.all() == [try await desk.application(named: "Lab portal")])
            #expect(try await desk.all().first?.used == house.now)

            var texts = CertificationFixture.texts
            texts.policies = Array("@id(\"nothing\") forbid (principal, action, resource);".utf8)
            try await desk.setRules(of: added, texts, by: Self.actor)
            let changed = try await house.ask("/access/v1/evaluation", Self.question, token: token)
            #expect(changed["decision"]?.bool == false && changed.at("context", "policies", 0)?.string == "nothing")
            await #expect(throws: Fault.self, "the version that was read is not the one there is") {
                try await desk.setRules(of: added, texts, by: Self.actor)
            }

            let other = try await desk.rotateToken(of: added, by: Self.actor)
            #expect(try await house.rules.application(bearer: token.text) == nil)
            #expect(try await house.rules.application(bearer: other.text) == added.reference)
            try await desk.setEnabled(false, added.id, by: Self.actor)
            #expect(try await house.rules.application(bearer: other.text) == nil)
            // Only whoever has its token learns that it is switched off.
            for (bearer, isSwitchedOff) in [(other.text, true), (token.text, false), (ApplicationToken().text, false)] {
                let admission = try await house.rules.admit(
                    bearer: bearer, to: AccessActions.evaluate, on: Site.institution)
                #expect(admission.isSwitchedOff == isSwitchedOff && admission.application == nil)
                #expect(!admission.decision.isAllowed)
            }
            try await desk.setEnabled(true, added.id, by: Self.actor)
            #expect(try await house.rules.application(bearer: other.text) == added.reference)
            try await desk.rename(added, try #require(ApplicationName("Lab")), by: Self.actor)
            #expect(try await desk.application(added.id).name == "Lab")
            try await desk.remove(added, by: Self.actor)
            #expect(try await house.rules.application(bearer: other.text) == nil)
            #expect(try await desk.all().isEmpty)
            let kinds = try await leaves(house, ApplicationFacts.changed).compactMap { $0.data["changed"]?.stringValue }
            // Under a clock that stands still their order is by chance.
            #expect(kinds.sorted() == ["disabled", "enabled", "name", "rules", "token"])
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func whoHonoursMasksIsInTheLog(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            let desk = try await house.desk()
            let (tablet, _) = try await desk.add(
                try #require(ApplicationName("Tablet")), nil, honoursMasks: true, by: Self.actor)
            #expect(try await desk.application(tablet.id).honoursMasks)
            // The second time nothing changes, and nothing is told.
            for _ in 0..<2 { try await desk.setHonoursMasks(false, tablet.id, by: Self.actor) }
            #expect(try await !desk.application(tablet.id).honoursMasks)
            let changes = try await leaves(house, ApplicationFacts.changed)
            #expect(
                changes.compactMap { $0.data["changed"]?.stringValue }.sorted() == ["honours-masks", "ignores-masks"])
            #expect(changes.allSatisfy { $0.data["application"]?.stringValue == tablet.id.description })

            let name = try #require(ApplicationName("Lab"))
            let (lab, _) = try await desk.add(name, CertificationFixture.texts, by: Self.actor)
            #expect(!lab.honoursMasks)
            let fault = await #expect(throws: Fault.self) {
                try await desk.setHonoursMasks(true, lab.id, by: Self.actor)
            }
            #expect(fault?.code == .invalidInput)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func onlyTheHashOfATokenIsStoredAndNamesAreTakenOnce(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            let name = try #require(ApplicationName("Lab"))
            let (_, token) = try await house.desk().add(name, nil, by: Self.actor)
            let row = try await house.house.store.read { tx in
                #expect(try tx.rows("SELECT application FROM access_application_rules").isEmpty)
                return try tx.row("SELECT token FROM access_applications")
            }
            #expect(row?.values == [.bytes(token.hash)])
            let fault = await #expect(throws: Fault.self) {
                try await house.desk().add(name, nil, by: Self.actor)
            }
            #expect(fault?.code == .invalidInput)
            for guess in ["", "x", token.text + "A", String(token.text.dropLast()), ApplicationToken().text] {
                #expect(try await house.rules.application(bearer: guess) == nil)
            }
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func rulesLieInTheStoreSealedAndBoundToTheirApplicationAndVersion(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            let desk = try await house.desk()
            let (application, _) = try await desk.add(
                try #require(ApplicationName("Lab")), CertificationFixture.texts, by: Self.actor)
            let columns = try await house.house.store.read { tx in
                try tx.row("SELECT rules, policies, entities FROM access_application_rules")?.values ?? []
            }
            #expect(columns.count == 3)
            for case .bytes(let bytes) in columns {
                #expect(!String(decoding: bytes, as: UTF8.self).contains("record"))
            }
            #expect(try await desk.texts(of: application)?.entities == CertificationFixture.texts.entities)
            try await house.house.store.write { tx in
                try tx.execute("UPDATE access_applications SET version = version + 1")
            }
            let fault = await #expect(throws: Fault.self) { try await desk.texts(of: application) }
            #expect(fault?.code == .damaged)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func rulesThatStoodInTheRowOfTheirApplicationMove(dialect: StoreDialect) async throws {
        let all = AccessMigrations.all
        let place = try #require(all.firstIndex { $0.name == "access/0006_application_rules" })
        try await StoreFixture.with(dialect, migrations: Array(all[..<place])) { fixture in
            let store = fixture.database
            try await store.write { tx in
                for (id, rules) in [(UInt8(1), StoreValue.bytes([7])), (2, .null)] {
                    try tx.execute(
                        """
                        INSERT INTO access_applications
                            (id, name, token, enabled, house, version, revision, rules, policies, entities, created)
                        VALUES (?, ?, ?, 1, 0, 1, 1, ?, ?, ?, 0)
                        """,
                        [.bytes([id]), .bytes([id]), .bytes([id]), rules, rules, rules])
                }
            }
            try await store.migrate(all)
            let (moved, left) = try await store.read { tx in
                (
                    try tx.rows("SELECT application, rules, policies, entities FROM access_application_rules"),
                    try tx.rows("SELECT rules, policies, entities FROM access_applications")
                )
            }
            #expect(moved.map(\.values) == [[.bytes([1]), .bytes([7]), .bytes([7]), .bytes([7])]])
            #expect(left.map(\.values) == [[.null, .null, .null], [.null, .null, .null]])
        }
    }

    @Test func rulesThatAreWrongLeaveNothingBehind() async throws {
        try await AccessFixture.with { house in
            let name = try #require(ApplicationName("Lab"))
            await #expect(throws: PolicyTextError.self) {
                try await house.desk().add(name, CertificationFixture.texts("entity", ""), by: Self.actor)
            }
            #expect(try await house.desk().all().isEmpty)
            #expect(try await leaves(house, ApplicationFacts.added).isEmpty)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func oneLeafARequestWithoutTheIdsOfAnybody(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            let (application, token) = try await house.desk().add(
                try #require(ApplicationName("Lab")), CertificationFixture.texts, by: Self.actor)
            let batch = """
                {"subject": {"type": "user", "id": "alice-secret", "properties": {"role": "admin"}},
                 "action": {"name": "write"}, "evaluations": [
                 {"resource": {"type": "record", "id": "record-secret-1", "properties": {"status": "archived"}}}, {"action": {"name": "write"},
                  "resource": {"type": "record", "id": "record-secret-2"}}, {}]}
                """
            _ = try await house.ask("/access/v1/evaluations", batch, token: token)
            let all = try await leaves(house, ApplicationFacts.evaluated)
            let leaf = try #require(all.first)
            #expect(all.count == 1 && leaf.actor == application.reference)
            #expect(leaf.data["application"]?.stringValue == application.id.description)
            #expect(leaf.data["asked"] == "evaluations" && leaf.data["decisions"] == 3 && leaf.data["permitted"] == 1)
            #expect(leaf.data["outcomes"] == "pdd" && leaf.data["policies"] == ["admin-writes-archive"])
            let names = [leaf.data["subjects"], leaf.data["resources"]].compactMap { $0?.arrayValue }
            #expect(names.map(\.count) == [1, 2])
            #expect(names.joined().allSatisfy { $0.stringValue.flatMap(Hex.decodeLowercase)?.count == 16 })
            #expect(!String(decoding: try leaf.encoded(), as: UTF8.self).contains("secret"))
            _ = try await house.ask("/access/v1/evaluations", batch, token: token)
            let again = try await leaves(house, ApplicationFacts.evaluated)
            #expect(again.count == 2 && again[0].data["subjects"] == again[1].data["subjects"], "the same pseudonym")
        }
    }

    @Test func inTheSpaceThatIsKeptForCareNoProgramIsAnswered() async throws {
        try await AccessFixture.with { house in
            let (_, token) = try await house.desk().add(
                try #require(ApplicationName("Lab")), CertificationFixture.texts, by: Self.actor)
            let reserve = try #require(house.house.ledger.reserve)
            #expect(try await reserve.release())
            let fault = await #expect(throws: Fault.self) {
                try await house.ask("/access/v1/evaluation", Self.question, token: token)
            }
            #expect(fault?.httpStatus == 507)
            #expect(try await leaves(house, ApplicationFacts.evaluated).isEmpty)
            try await reserve.restore()
            #expect(try await house.ask("/access/v1/evaluation", Self.question, token: token)["decision"]?.bool == true)
        }
    }

    /// The form of the fact is on disk for ever.
    @Test func aLeafIsWrittenAsEver() throws {
        let application = Application(
            id: try #require(Identifier("00000000-0000-7000-8000-000000000001")), name: "Lab", isEnabled: true,
            asksHouse: false, version: 1, revision: 1, created: Instant(microseconds: 0), used: nil)
        var leaf = EvaluationLeaf(
            application, asked: "evaluations", key: SymmetricKey(data: Array("a key of the test".utf8)))
        for (record, isAllowed) in [("record-1", true), ("record-2", false)] {
            var verdict = Verdict(isAllowed: isAllowed, policies: isAllowed ? ["alice-writes"] : [], reason: "")
            verdict.subject = Party(scope: application.id.description, type: "user", id: "alice")
            verdict.resource = Party(scope: application.id.description, type: "record", id: record)
            leaf.add(verdict)
        }
        let data = try CanonicalValue.object(leaf.fact.data).encode()
        #expect(
            String(decoding: data, as: UTF8.self)
                == #"""
                {"application":"00000000-0000-7000-8000-000000000001","asked":"evaluations","decisions":2,"outcomes":"pd","permitted":1,"policies":["alice-writes"],\#
                "resources":["6c386346d5ce040bcd64b049587882d1","0256b853686e8056464d9c64598297df"],"subjects":["b78550a08a4012384817adf48cf6de2b"]}
                """#)
        #expect(leaf.fact.kind.id == "access.evaluated.v1" && leaf.fact.actor == application.reference)
    }

    @Test func theLargestBatchFitsIntoALeaf() async throws {
        try await AccessFixture.with { house in
            let (_, token) = try await house.desk().add(
                try #require(ApplicationName("Lab")), Self.manyPolicies, by: Self.actor)
            let items = (0..<1_000).map { #"{"\#($0 % 2 == 0 ? "subject" : "resource")":{"type":"u","id":"\#($0)"}}"# }
            let defaults = #""subject": {"type": "u", "id": "s"}, "resource": {"type": "u", "id": "r"}"#
            func ask(_ items: [String]) async throws -> JSONNode {
                let list = items.joined(separator: ",")
                return try await house.ask(
                    "/access/v1/evaluations", #"{"action": {"name": "a"}, \#(defaults), "evaluations": [\#(list)]}"#,
                    token: token)
            }
            let answer = try await ask(items)
            #expect(answer["evaluations"]?.elements.reduce(0) { count, _ in count + 1 } == 1_000)
            let leaf = try #require(try await leaves(house, ApplicationFacts.evaluated).first)
            let size = try leaf.encoded().count
            #expect(size <= Ledger.Leaf.longest && size > 7_000, "\(size)")
            #expect(leaf.data["decisions"] == 1_000 && leaf.data["permitted"] == 1_000)
            #expect(leaf.data["moreOutcomes"] == 744 && leaf.data["moreSubjects"] == 461)
            #expect(leaf.data["moreResources"] == 421 && leaf.data["morePolicies"] == 20)
            let fault = await #expect(throws: Fault.self) { try await ask(items + items.prefix(1)) }
            #expect(fault?.message.contains("1000") == true)
        }
    }

    /// Sixty policies with the longest names that there are, all of which permit.
    private static var manyPolicies: PolicyTexts {
        let policies = (0..<60).map { number in
            let name = String(repeating: "a", count: 57) + String(100 + number)
            return "@id(\"\(name)\") permit (principal, action, resource);"
        }
        return CertificationFixture.texts(
            "entity u; action a appliesTo { principal: u, resource: u };", policies.joined(separator: "\n"))
    }

    @Test func aQuestionThatIsWrongIsNoDecision() async throws {
        try await AccessFixture.with { house in
            let (_, token) = try await house.desk().add(
                try #require(ApplicationName("Lab")), CertificationFixture.texts, by: Self.actor)
            for (body, type) in [
                ("", "application/json"), ("{", "application/json"), ("[]", "application/json"),
                ("{}", "application/json"), (Self.question, "text/plain"), (Self.question, "application/jsonx"),
                (#"{"action": {"name": "read"}, \#(Self.question.dropFirst())"#, "application/json"),
            ] {
                let fault = await #expect(throws: Fault.self, "\(body)") {
                    try await house.ask("/access/v1/evaluation", body, token: token, contentType: type)
                }
                #expect(fault?.code == .invalidInput)
            }
            await #expect(throws: Fault.self) {
                try await house.ask("/access/v1/evaluation", Self.question, token: token, contentType: nil)
            }
            for type in ["Application/JSON", "application/json;charset=utf-8", "application/json ; x=y"] {
                let answer = try await house.ask(
                    "/access/v1/evaluation", Self.question, token: token, contentType: type)
                #expect(answer["decision"]?.bool == true)
            }
            #expect(try await leaves(house, ApplicationFacts.evaluated).count == 3)
        }
    }
}
