// SPDX-License-Identifier: Apache-2.0

import Codecs
import Testing

@Suite("Hex, Base64, comparison")
struct BinaryTextTests {
    @Test func hexBothWays() {
        #expect(Hex.encode([0x00, 0x9F, 0xFF]) == "009fff")
        #expect(Hex.decode("009fFF") == [0x00, 0x9F, 0xFF])
        #expect(Hex.decode("") == [])
        #expect(Hex.decodeLowercase("9f") == [0x9F])
        #expect(Hex.decodeLowercase("9F") == nil)
    }

    @Test(arguments: ["0", "0g", "0x00", " 00", "é", "00\n"])
    func hexRefuses(_ text: String) {
        #expect(Hex.decode(text) == nil)
    }

    /// RFC 4648 section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func base64Vectors(_ plain: String, _ text: String) {
        #expect(Base64.encode(plain.utf8) == text)
        #expect(Base64.decode(text) == Array(plain.utf8))
        let unfilled = text.filter { $0 != "=" }
        #expect(Base64.encode(plain.utf8, as: .urlSafe) == unfilled)
        #expect(Base64.decode(unfilled, as: .urlSafe) == Array(plain.utf8))
    }

    @Test func base64EveryLengthBothForms() {
        var generator = SeededGenerator(seed: 4_648)
        for length in 0..<200 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
            #expect(Base64.decode(Base64.encode(bytes, as: .urlSafe), as: .urlSafe) == bytes)
        }
    }

    @Test(arguments: [
        "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm8", "Z", "====", "=", "Zg==Zg==", "Zm 9v", "Zm9v\n", "-_-_",
        "Zm8=Zm8=", "AB=C",
    ])
    func base64Refuses(_ text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test(arguments: ["Zg==", "Zh", "Z", "+/+/", "Zm9v ", "Zm9"])
    func base64URLRefuses(_ text: String) {
        #expect(Base64.decode(text, as: .urlSafe) == nil)
    }

    @Test func bytesCompareWhole() {
        #expect(constantTimeEqual([1, 2, 3], [1, 2, 3] as ArraySlice))
        #expect(!constantTimeEqual([1, 2, 3], [1, 2, 4]))
        #expect(!constantTimeEqual([1, 2], [1, 2, 3]))
        #expect(constantTimeEqual([UInt8](), [UInt8]()))
    }
}

@Suite("Lines")
struct LineSplitterTests {
    @Test(arguments: 1...12)
    func piecesDoNotMatter(_ size: Int) throws {
        let bytes = Array("one\n\ntwo\r\nthree".utf8)
        var splitter = LineSplitter(limit: 5)
        var lines: [[UInt8]] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            lines += try splitter.push(bytes[start..<min(start + size, bytes.count)])
        }
        lines += [splitter.finish()].compactMap { $0 }
        #expect(lines == ["one", "", "two\r", "three"].map { Array($0.utf8) })
        #expect(splitter.finish() == nil)
    }

    @Test func aHundredMegabytesWithoutEndAreNotKept() throws {
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        var splitter = LineSplitter(limit: 4 << 20)
        _ = try splitter.push(Array("ok\n".utf8))
        var pushed = 0
        let error = #expect(throws: LineSplitter.LineTooLong.self) {
            for _ in 0..<100 {
                _ = try splitter.push(piece)
                pushed += 1
            }
        }
        #expect(pushed == 4)
        #expect(error?.line == 2 && error?.limit == 4 << 20)
    }

    @Test func aLineOfExactlyTheLimitIsTaken() throws {
        var splitter = LineSplitter(limit: 3)
        #expect(try splitter.push(Array("abc\n".utf8)).count == 1)
        #expect(throws: LineSplitter.LineTooLong.self) { try splitter.push(Array("abcd\n".utf8)) }
    }
}
