// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What must not be found anywhere: names, street lines, telephone numbers and identifiers of patients.
struct Needles {
    private var byStart: [UInt64: [[UInt8]]] = [:]
    /// Which hashes of five first bytes occur at all: nearly every place is dismissed by it.
    private var mayStart = [Bool](repeating: false, count: 1 << 16)
    private(set) var count = 0

    /// Adds a text of five bytes or more, plain and as JSON with escapes has it.
    mutating func add(_ text: String) {
        add(bytes: Array(text.utf8))
        for digits in ["%04x", "%04X"] {
            let escaped = text.utf16.map { unit in
                unit < 0x80 ? String(UnicodeScalar(UInt8(unit))) : "\\u" + String(format: digits, Int(unit))
            }
            add(bytes: Array(escaped.joined().utf8))
        }
    }

    private mutating func add(bytes: [UInt8]) {
        guard bytes.count >= 5 else { return }
        let start = bytes.prefix(5).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        if byStart[start]?.contains(bytes) == true { return }
        byStart[start, default: []].append(bytes)
        mayStart[Self.place(start)] = true
        count += 1
    }

    private static func place(_ start: UInt64) -> Int {
        Int((start &* 0x9E37_79B9_7F4A_7C15) >> 48)
    }

    /// The texts that stand in `bytes`, in order, a few of them.
    func find(_ bytes: [UInt8]) -> [String] {
        var found: [String] = []
        var start: UInt64 = 0
        for index in bytes.indices {
            start = (start << 8 | UInt64(bytes[index])) & 0xFF_FFFF_FFFF
            guard index >= 4, mayStart[Self.place(start)], let candidates = byStart[start] else { continue }
            for candidate in candidates where bytes[(index - 4)...].starts(with: candidate) {
                found.append(String(decoding: candidate, as: UTF8.self))
                if found.count >= 5 { return found }
            }
        }
        return found
    }

    /// The needles of the forty patients; sees first that a search for them finds each patient's own file.
    static func ofSynthea(_ folder: String) async throws -> Needles {
        let unpacked = "\(folder)/plain"
        try await Synthea.unpack(into: unpacked)
        var needles = Needles()
        var files: [[UInt8]] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: unpacked) where !name.hasPrefix("0-") {
            let data = try #require(FileManager.default.contents(atPath: "\(unpacked)/\(name)"))
            for text in try patients(in: data).flatMap(texts) { needles.add(text) }
            files.append(Array(data))
        }
        try FileManager.default.removeItem(atPath: unpacked)
        #expect(files.count == 40 && needles.count > 250)
        for file in files { #expect(needles.find(file).count == 5) }
        return needles
    }

    private static func patients(in data: Data) throws -> [[String: Any]] {
        let bundle = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        let entries = bundle?["entry"] as? [[String: Any]] ?? []
        return entries.compactMap { $0["resource"] as? [String: Any] }
            .filter { $0["resourceType"] as? String == "Patient" }
    }

    private static func texts(of patient: [String: Any]) -> [String] {
        func list(_ key: String) -> [[String: Any]] { patient[key] as? [[String: Any]] ?? [] }
        var texts = [patient["id"] as? String].compactMap { $0 }
        for name in list("name") {
            texts += [name["family"] as? String].compactMap { $0 } + (name["given"] as? [String] ?? [])
        }
        for address in list("address") { texts += address["line"] as? [String] ?? [] }
        for key in ["telecom", "identifier"] { texts += list(key).compactMap { $0["value"] as? String } }
        return texts
    }

    /// A dump with its bytes (`\\x…`) as bytes again, the rest as it is.
    static func decodingHex(_ text: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        let start = Array("\\x".utf8)
        var index = 0
        while index < text.count {
            guard text[index...].starts(with: start) else {
                bytes.append(text[index])
                index += 1
                continue
            }
            index += 2
            while index + 1 < text.count, let high = digit(text[index]), let low = digit(text[index + 1]) {
                bytes.append(high << 4 | low)
                index += 2
            }
        }
        return bytes
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}

@Suite("The search for plain text")
struct NeedlesTests {
    @Test func itFindsWhatIsThereInEachForm() {
        var needles = Needles()
        needles.add("Ramón")
        #expect(needles.find(Array("xxRamónxx".utf8)) == ["Ramón"])
        #expect(needles.find(Array(#"xx"Ram\u00f3n""#.utf8)) == [#"Ram\u00f3n"#])
        #expect(needles.find(Array(#"xx"Ram\u00F3n""#.utf8)) == [#"Ram\u00F3n"#])
        #expect(needles.find(Array("Ramon Ramó".utf8)) == [])
        let dump = Array(("x\t\\\\x" + "xxRamón".utf8.map { String(format: "%02x", Int($0)) }.joined() + "\n").utf8)
        #expect(needles.find(Needles.decodingHex(dump)) == ["Ramón"])
    }
}
