// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ResticFormat

struct PatternTests {
    private static func path(_ text: String) -> [[UInt8]] {
        text.utf8.split(separator: UInt8(ascii: "/")).map { Array($0) }
    }

    /// Pattern, path, whether it matches.
    static let cases: [(String, String, Bool)] = [
        ("foo", "/foo", true), ("foo", "/a/foo/b", true), ("foo", "/foobar", false), ("/foo", "/foo/bar", true),
        ("/foo", "/a/foo", false), ("*.txt", "/a/b.txt", true), ("*.txt", "/a/b.text", false), ("a/b", "/x/a/b", true),
        ("a/b", "/a/x/b", false), ("a/**/b", "/a/b", true), ("a/**/b", "/a/x/y/b", true), ("/a/**/b", "/x/a/b", false),
        ("**/b", "/x/y/b", true), ("a/**", "/a", true), ("a/**", "/b", false), ("fo?", "/foo", true),
        ("fo?", "/fo", false),
        ("f?o", "/fäo", true), ("[a-c]x", "/bx", true), ("[^a-c]x", "/bx", false), ("[^a-c]x", "/dx", true),
        (#"\*"#, "/*", true), (#"\*"#, "/a", false), ("a//b/./c", "/a/b/c", true), ("a/x/../b", "/a/b", true),
        ("*", "/anything", true), ("/", "/anything", true), ("a*b*c", "/aXbYc", true), ("a*b*c", "/aXbY", false),
        ("**", "/a/b", true), ("/*/x", "/a/b/x", false), ("[c-a]", "/b", false), ("[a\\-]x", "/-x", true),
    ]

    @Test(arguments: cases)
    func patternsMatchAsResticReadsThem(pattern: String, path: String, matches: Bool) throws {
        let pattern = try #require(PathPattern(pattern))
        #expect(pattern.matches(Self.path(path)) == matches)
    }

    @Test(arguments: ["", "!", "[", "[a", "[]", "[a-", #"a\"#, "[-a]", "x/[^"])
    func brokenPatternsAreRefused(text: String) {
        #expect(PathPattern(text) == nil)
    }

    @Test
    func laterPatternsTakeBackEarlierOnes() {
        let patterns = PathPatterns(["*.log", "!keep.log"].compactMap { PathPattern($0) })
        #expect(patterns.match(Self.path("/a/x.log")))
        #expect(!patterns.match(Self.path("/a/keep.log")))
        #expect(!PathPatterns([]).match(Self.path("/a")))
    }

    @Test
    func foldersOnTheWayAreWorthALook() throws {
        let pattern = try #require(PathPattern("/a/b/*.txt"))
        #expect(pattern.mayMatch(inside: Self.path("/a")))
        #expect(pattern.mayMatch(inside: Self.path("/a/b")))
        #expect(!pattern.mayMatch(inside: Self.path("/b")))
        #expect(!pattern.mayMatch(inside: Self.path("/a/c")))
        #expect(try #require(PathPattern("/a/**/z")).mayMatch(inside: Self.path("/a/x/y")))
        #expect(try #require(PathPattern("z")).mayMatch(inside: Self.path("/a")))
    }

    @Test
    func lettersOfBothCasesCanBeTheSame() {
        let patterns = PathPatterns(["*.txt"].compactMap { PathPattern($0) }, ignoresCase: true)
        #expect(patterns.match(Self.path("/A/README.TXT")))
    }

    /// Stars and double stars try nothing twice: forty of them over a long path still answer at once.
    @Test
    func manyWildcardsStayQuick() throws {
        let stars = try #require(PathPattern(String(repeating: "*a", count: 100) + "b"))
        #expect(!stars.matches([Array(repeating: UInt8(ascii: "a"), count: 4_000)]))
        let folders = try #require(PathPattern("/" + String(repeating: "**/a/", count: 40) + "b"))
        #expect(!folders.matches(Array(repeating: [UInt8(ascii: "a")], count: 300)))
    }
}
