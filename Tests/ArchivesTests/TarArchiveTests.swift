// SPDX-License-Identifier: Apache-2.0

import Archives
import Testing

/// Archives of files: what is found in them, and that no damage is a trap.
@Suite struct TarArchiveTests {
    private func entry(_ name: String, _ content: String, type: Character = "0", size: String? = nil) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        let octal = String(content.utf8.count, radix: 8)
        let digits = size ?? String(repeating: "0", count: 11 - octal.utf8.count) + octal
        block.replaceSubrange(0..<name.utf8.count, with: Array(name.utf8))
        block.replaceSubrange(124..<124 + digits.utf8.count, with: Array(digits.utf8))
        block[156] = type.asciiValue ?? 0
        let padding = (512 - content.utf8.count % 512) % 512
        return block + Array(content.utf8) + [UInt8](repeating: 0, count: padding)
    }

    private let end = [UInt8](repeating: 0, count: 1_024)

    @Test func filesAreFoundByTheirNames() throws {
        let full = String(repeating: "x", count: 512)
        let archive = try TarArchive(entry("a/b", "one") + entry("d", "", type: "5") + entry("c", full) + end)
        #expect(archive.names == ["a/b", "c"])
        #expect(archive["a/b"] == Array("one".utf8))
        #expect(archive["c"] == Array(full.utf8))
        #expect(archive["d"] == nil)
        #expect(try TarArchive([]).names.isEmpty)
    }

    @Test(arguments: ["77777777777", "9", "-1", "777777777777"])
    func aSizeThatIsNoneIsDamage(size: String) {
        #expect(throws: ArchiveError.damaged) { try TarArchive(entry("a", "one", size: size) + end) }
    }

    @Test func aCutIsNeverATrap() {
        let whole = entry("a", "one") + entry("b", "two")
        let refused = whole.indices.filter { (try? TarArchive(Array(whole[..<$0]))) == nil }
        #expect(refused.contains(513) && !refused.contains(1_024))
    }
}
