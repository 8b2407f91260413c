// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Vault

@Suite("Search")
struct SearchTests {
    @Test(arguments: [
        ("Müller", "muller"), ("O'Hara248", "ohara248"), ("Nuñez", "nunez"), ("Straße", "strasse"),
        ("ŁUKASZ", "lukasz"), ("I\u{307}zmir", "izmir"), ("Mu\u{308}ller", "muller"), ("A-B", "a b"),
    ])
    func folding(_ text: String, _ folded: String) {
        #expect(Folding.fold(text) == Array(folded.utf8))
    }

    private var card: SearchCard {
        var card = SearchCard()
        card.family = "Müller-Lüdenscheidt"
        card.given = "José Ángel"
        card.birthDate = "1980-05-31"
        card.identifiers = [.init(type: "MR", value: "AB-12/34")]
        return card
    }

    @Test(arguments: [
        "", "muller", "MÜLLER jose", "lud", "angel müller 1980", "1980-05", "31.5.1980", "31.05.1980", "ab-12",
        "ab1234",
        "Müller, José",
    ])
    func finds(_ query: String) {
        #expect(SearchWords(query).match(card))
    }

    @Test(arguments: ["uller", "muller peter", "1981", "30.5.1980", "1234"])
    func doesNotFind(_ query: String) {
        #expect(!SearchWords(query).match(card))
    }

    @Test(arguments: [
        ("{}", "{}"), ("[ ]", "[]"),
        (
            "{\"a\":[1,{\"b\":\"x,{}\\\"\"}],\"c\":{}}",
            "{\n  \"a\": [\n    1,\n    {\n      \"b\": \"x,{}\\\"\"\n    }\n  ],\n  \"c\": {}\n}"
        ),
    ])
    func layout(_ json: String, _ indented: String) {
        let result = JSONLayout.indented(Array(json.utf8))
        #expect(String(decoding: result, as: UTF8.self) == indented)
        #expect(JSONLayout.compact(result) == JSONLayout.compact(Array(json.utf8)))
    }
}
