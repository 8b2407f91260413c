// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Ledger
import Store
import TestSupport
import Testing

/// The leaf is an on-disk format for ever: a change that breaks these tests needs a new version, not new tests.
@Suite struct LeafTests {
    static let kind = FactKind("identity.signed-in.v1", "Signed in")
    static let bare =
        #"{"actor":{"id":"501","type":"operator"},"at":1767225600000001,"data":{},"#
        + #""id":"0190163d-8694-739b-aea5-966c26f8ad91","kind":"identity.signed-in.v1","v":1}"#
    static let whole =
        #"{"actor":{"id":"0190163d-8694-739b-aea5-966c26f8ad92","type":"person"},"at":1767225600000001,"#
        + #""data":{"again":[true,"ü€"],"epoch":7},"effective":-1,"#
        + #""id":"0190163d-8694-739b-aea5-966c26f8ad91","kind":"identity.signed-in.v1","#
        + #""on":"000102030405060708090a0b0c0d0e0f","v":1}"#

    private func leaf(_ fact: Fact) throws -> Ledger.Leaf {
        let id = try #require(Identifier<Kernel.Leaf>("0190163d-8694-739b-aea5-966c26f8ad91"))
        return Leaf(fact, id: id, at: Instant(microseconds: 1_767_225_600_000_001))
    }

    @Test func theBytesOfALeafNeverChange() throws {
        let bare = try leaf(Fact(Self.kind, by: .operator(uid: 501)))
        #expect(String(decoding: try bare.encoded(), as: UTF8.self) == Self.bare)
        let fact = Fact(
            Self.kind, by: EntityReference(type: "person", id: "0190163d-8694-739b-aea5-966c26f8ad92"),
            on: (0..<16).map { UInt8($0) }, effective: Instant(microseconds: -1),
            [.init("epoch", 7), .init("again", .array([.boolean(true), .string("ü€")]))])
        #expect(String(decoding: try leaf(fact).encoded(), as: UTF8.self) == Self.whole)
    }

    @Test(arguments: [bare, whole]) func aLeafIsReadAsItWasWritten(_ text: String) throws {
        let leaf = try Ledger.Leaf(decoding: Array(text.utf8))
        #expect(leaf.kind == "identity.signed-in.v1")
        #expect(leaf.at.microseconds == 1_767_225_600_000_001)
        #expect(try leaf.encoded() == Array(text.utf8))
    }

    @Test(arguments: [
        "", "{}", "null", "[]", bare + "\n", " " + bare,
        bare.replacing(#""v":1"#, with: #""v":2"#),
        bare.replacing(#""v":1"#, with: #""v":"1""#),
        bare.replacing(#""v":1"#, with: #""v":1.0"#),
        bare.replacing(#""v":1"#, with: #""v":1,"w":1"#),
        bare.replacing(#""v":1"#, with: #""v":1,"v":1"#),
        bare.replacing(#""data":{}"#, with: #""data":[]"#),
        bare.replacing(#""data":{}"#, with: #""data":{"b":1,"a":1}"#),
        bare.replacing(#""data":{}"#, with: #""data": {}"#),
        bare.replacing(#""data":{}"#, with: #""data":{},"effective":"now""#),
        bare.replacing(#""kind""#, with: #""\u006bind""#),
        bare.replacing(#""type":"operator""#, with: #""type":"operator","uid":1"#),
        bare.replacing("739b", with: "739B"),
        bare.replacing(#","id":"0190163d-8694-739b-aea5-966c26f8ad91""#, with: ""),
        whole.replacing("0a0b0c", with: "0A0B0C"),
        whole.replacing("0e0f", with: "0e0"),
    ])
    func whatIsNotCanonicalIsRefused(_ text: String) {
        let fault = #expect(throws: Fault.self) { try Ledger.Leaf(decoding: Array(text.utf8)) }
        #expect(fault?.code == .damaged)
    }

    @Test func aLeafHasAtMostEightKibibytes() throws {
        let room = 8_192 - Self.bare.utf8.count - #""a":"""#.utf8.count
        let longest = try leaf(
            Fact(Self.kind, by: .operator(uid: 501), [.init("a", .string(String(repeating: "x", count: room)))]))
        #expect(try longest.encoded().count == 8_192)
        #expect(try Ledger.Leaf(decoding: longest.encoded()).data == longest.data)
        let long = try leaf(
            Fact(Self.kind, by: .operator(uid: 501), [.init("a", .string(String(repeating: "x", count: room + 1)))]))
        #expect(throws: Fault.self) { try long.encoded() }
        let text = Self.bare.replacing("{}", with: #"{"a":"\#(String(repeating: "x", count: room + 1))"}"#)
        #expect(throws: Fault.self) { try Ledger.Leaf(decoding: Array(text.utf8)) }
    }

    @Test(arguments: StoreFixture.dialects)
    func aFactThatCannotBeSequencedIsRefusedWithItsAct(_ dialect: StoreDialect) async throws {
        try await LedgerFixture.with(dialect) { ledger in
            let bad = [
                Fact(Self.kind, by: EntityReference(type: "person", id: "a\u{0}b")),
                Fact(Self.kind, by: EntityReference(type: "a\u{0}", id: "b")),
                Fact(Self.kind, by: .system, [.init("n", .integer(1 << 53))]),
                Fact(Self.kind, by: .system, [.init("a", 1), .init("a", 2)]),
                Fact(Self.kind, by: .system, effective: Instant(microseconds: .max)),
            ]
            for fact in bad {
                let fault = await #expect(throws: Fault.self) { try await ledger.store.write { try $0.record(fact) } }
                #expect(fault?.code == .internal)
            }
            let log = try await ledger.open()
            #expect(try await log.pendingCount() == 0)
        }
    }
}
