// SPDX-License-Identifier: Apache-2.0

import Kernel
import Testing
import Web

/// Lists that are too long for one page.
struct LongListTests {
    private func list(_ count: Int, _ query: String = "") -> LongList<Int> {
        let fields = Fields(urlEncoded: query.utf8) ?? Fields()
        let request = PageRequest(method: "GET", path: "/people", query: fields)
        return LongList(Array(0..<count), "people", of: request) { "Person \($0) Nurse" }
    }

    private func text(_ list: LongList<Int>) -> String {
        list.framed(DataTable(caption: "People", columns: [.init("Name")], rows: list.shown.map { ["\($0)"] }))
            .renderString()
    }

    @Test func aShortListIsWholeAndSearchedInTheBrowser() {
        let list = list(200, "people=7&people-find=Person+3")
        #expect(list.shown == Array(0..<200))
        #expect(text(list).contains("data-filter=\"people\"") && !text(list).contains("<form"))
        #expect(!text(self.list(10)).contains("data-filter"))
    }

    @Test(arguments: [
        ("", 0..<200, "1 to 200 of 1 001."), ("people=2", 200..<400, "201 to 400 of 1 001."),
        ("people=6", 1_000..<1_001, "1 001 to 1 001 of 1 001."),
        ("people=99999999999999999999", 0..<200, "1 to 200 of"), ("people=-3", 0..<200, "1 to 200 of"),
        ("people=7", 1_000..<1_001, "1 001 to 1 001 of 1 001."),
    ])
    func eachPageSaysWhichRowsItHas(_ query: String, _ shown: Range<Int>, _ sentence: String) {
        let list = list(1_001, query)
        #expect(list.shown == Array(shown))
        let spaced = sentence.split(separator: " ").joined(separator: " ")
        let said = text(list).map { $0 == "\u{202F}" || $0 == "\u{A0}" ? " " : $0 }
        #expect(String(said).contains(spaced))
    }

    @Test func everyRowIsOnOnePage() {
        let pages = (1...6).map { list(1_001, "people=\($0)").shown }
        #expect(pages.flatMap(\.self) == Array(0..<1_001))
    }

    @Test func wordsAreLookedForInTheWholeList() {
        #expect(list(5_000, "people-find=PERSON+4321").shown == [4_321])
        #expect(list(5_000, "people-find=nurse+4321+person").shown == [4_321])
        #expect(list(5_000, "people-find=+++").shown.count == 200)
        let none = text(list(5_000, "people-find=%3Cscript%3E"))
        #expect(none.contains("Nothing found") && none.contains("&lt;script&gt;") && !none.contains("<script>"))
    }

    @Test func theWayOnKeepsWhatElseIsAskedFor() {
        let html = text(list(5_000, "others=3&people=2&people-find=nurse"))
        #expect(html.contains("/people?others=3&amp;people-find=nurse#people"))
        #expect(html.contains("/people?others=3&amp;people=3&amp;people-find=nurse#people"))
        #expect(html.contains("name=\"others\" value=\"3\""))
        #expect(!text(list(5_000, "people=25")).contains(">Next<"))
        #expect(!text(list(5_000)).contains(">Previous<"))
    }

    @Test func aLongListIsSortedByTheServerAndKeepsItsOrderOnTheWayOn() {
        func sorted(_ query: String) -> LongList<Int> {
            let request = PageRequest(method: "GET", path: "/people", query: Fields(urlEncoded: query.utf8) ?? Fields())
            return LongList(
                Array(0..<1_000), "people", of: request, text: { "Person \($0)" },
                sorts: [1: { $0 == 7 ? "" : "\(1_000_000 + $0)" }])
        }
        #expect(sorted("people-sort=1").shown.first == 0)
        #expect(sorted("people-sort=-1").shown.prefix(2) == [999, 998])
        // What has no value is last, both ways.
        #expect(sorted("people-sort=1&people=5").shown.last == 7)
        #expect(sorted("people-sort=-1&people=5").shown.last == 7)
        for nonsense in ["2", "0", "-0", "99999999999999999999", "-9223372036854775808", "x"] {
            #expect(sorted("people-sort=\(nonsense)").shown.first == 0)
        }
        let html = text(sorted("people-sort=1&others=3"))
        #expect(html.contains("aria-sort=\"ascending\""))
        #expect(html.contains("/people?others=3&amp;people-sort=-1#people"), "pressed again it goes down")
        #expect(
            html.contains("/people?others=3&amp;people-sort=1&amp;people=2#people"), "the next page is of this order")
    }
}
