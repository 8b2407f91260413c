// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Testing

@testable import Ledger

/// The quick reading for the index says what the whole reading says, or nothing.
@Suite struct LeafOutlineTests {
    private static let kind = FactKind("test.read.v1", "Read")

    private static func leaf(_ number: Int, using dice: inout Dice) -> Ledger.Leaf {
        let words = ["", "p1", "ü€", "a}b", "{\"", "a,b", "\u{1F468}\u{200D}\u{1F469}", "\\", "\n", "v\":1}"]
        func word() -> String { words[Int.random(in: 0..<words.count, using: &dice)] }
        let inner = CanonicalValue.object([.init(word(), .string(word())), .init("z", .array([.string(word()), 1]))])
        let fact = Fact(
            kind, by: EntityReference(type: word(), id: word()),
            on: number % 3 == 0 ? [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 16) : nil,
            effective: number % 4 == 0 ? Instant(microseconds: Int64(number) - 500) : nil,
            [.init("inner", inner), .init("text", .string(word()))])
        let at = Instant(microseconds: Int64.random(in: 0..<1 << 50, using: &dice))
        return Ledger.Leaf(fact, id: Identifier(at: at, using: &dice), at: at)
    }

    @Test func itAgreesWithTheWholeReading() throws {
        var dice = Dice(state: 7)
        var scanned = 0
        for number in 0..<2_000 {
            let leaf = Self.leaf(number, using: &dice)
            let bytes = try leaf.encoded()
            guard let outline = LeafOutline(scanning: bytes) else { continue }
            scanned += 1
            let whole = try Ledger.Leaf(decoding: bytes)
            #expect(outline.id == whole.id.bytes && outline.at == whole.at.microseconds && outline.on == whole.on)
            #expect(Array(outline.kind.utf8) == Array(whole.kind.utf8))
            #expect(Array(outline.actor.utf8) == Array("\(whole.actor.type):\(whole.actor.id)".utf8))
        }
        // Only names of actors with escapes are left to the whole reading.
        #expect(scanned > 700 && scanned < 2_000)
    }

    @Test func whatIsCutOrChangedIsNeverReadPastItsEnd() throws {
        var dice = Dice(state: 9)
        for number in 0..<40 {
            let bytes = try Self.leaf(number, using: &dice).encoded()
            for end in bytes.indices {
                #expect((LeafOutline(scanning: Array(bytes[..<end])) == nil))
                var changed = bytes
                changed[end] ^= UInt8.random(in: 1...255, using: &dice)
                _ = LeafOutline(scanning: changed)
            }
        }
    }
}
