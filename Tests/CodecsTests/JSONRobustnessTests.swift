// SPDX-License-Identifier: Apache-2.0

import Codecs
import Testing

@Suite("JSON against damage")
struct JSONRobustnessTests {
    @Test func cutAnywhereItIsAnError() throws {
        let bytes = SampleBundle.bytes
        #expect(try JSONDocument.parse(bytes).root["entry"]?.elements.map(\.kind) == [.object, .object])
        for end in 0..<bytes.count {
            #expect(throws: JSONError.self, "cut at \(end)") { try JSONDocument.parse(Array(bytes[..<end])) }
            #expect(throws: JSONError.self, "cut at \(end)") { try JSONDocument.parse(bytes, in: 0..<end) }
        }
    }

    @Test func damagedTextNeverTraps() {
        var generator = SeededGenerator(seed: 8_259)
        var (taken, refused) = (0, 0)
        for _ in 0..<10_000 {
            let bytes = SampleBundle.bytes.mutated(by: &generator)
            if let document = try? JSONDocument.parse(bytes) {
                taken += 1
                walk(document.root)
            } else {
                refused += 1
            }
        }
        #expect(taken + refused == 10_000)
        #expect(taken > 100 && refused > 1_000)
    }

    /// Looks at everything, and checks that a value's own bytes mean the same value again.
    private func walk(_ node: JSONNode) {
        if let again = try? JSONDocument.parse(Array(node.sourceBytes)).root {
            #expect(again.utf8 == node.utf8 && again.integer == node.integer && again.bool == node.bool)
        } else {
            Issue.record("a value's own bytes are no document")
        }
        for element in node.elements { walk(element) }
        for member in node.members {
            #expect(node[member.name] != nil)
            walk(member.value)
        }
    }
}
