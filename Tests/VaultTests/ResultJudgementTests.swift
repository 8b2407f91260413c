// SPDX-License-Identifier: Apache-2.0

import Codecs
import Testing

@testable import Vault

/// What a record says about its own result, and nothing else.
struct ResultJudgementTests {
    private func judgement(_ text: String) throws -> ResultJudgement {
        ResultJudgement(try JSONDocument.parse(Array(text.utf8)).root)
    }

    private func code(_ codes: String...) -> String {
        let items = codes.map { "{\"coding\": [{\"code\": \"\($0)\"}]}" }
        return "{\"interpretation\": [\(items.joined(separator: ","))]}"
    }

    @Test(arguments: [("H", "High", false), ("LL", "Critically low", true), ("A", "Abnormal", false)])
    func saysWhatTheLaboratorySays(code: String, words: String, isCritical: Bool) throws {
        let judgement = try judgement(self.code(code))
        #expect(judgement.flag == words)
        #expect(judgement.isCritical == isCritical)
    }

    @Test(arguments: ["N", "h", "H ", "", "<script>"]) func whatIsUsualOrUnknownHasNoFlag(code: String) throws {
        #expect(try judgement(self.code(code)).flag == nil)
    }

    @Test func theMostUrgentOfSeveralIsShown() throws {
        #expect(try judgement(code("H", "HH")).flag == "Critically high")
    }

    @Test func aRangeIsShownAsItIsWritten() throws {
        let both = #"{"referenceRange": [{"low": {"value": 4.0, "unit": "%"}, "high": {"value": 5.60, "unit": "%"}}]}"#
        #expect(try judgement(both).range == "4.0 to 5.60 %")
        #expect(
            try judgement(#"{"referenceRange": [{"high": {"value": 200, "code": "mg/dL"}}]}"#).range
                == "up to 200 mg/dL")
        #expect(try judgement(#"{"referenceRange": [{"low": {"value": 60}}]}"#).range == "from 60 ")
        #expect(try judgement(#"{"referenceRange": [{"text": "negative"}]}"#).range == "negative")
    }

    @Test(arguments: ["{}", "{\"referenceRange\": [{}]}", "{\"referenceRange\": 7, \"interpretation\": \"H\"}", "[]"])
    func whatIsNotThereIsNotMadeUp(text: String) throws {
        let judgement = try judgement(text)
        #expect(judgement.flag == nil)
        #expect(judgement.range.isEmpty)
    }

    @Test func aValueOutsideOfItsRangeIsNotJudgedHere() throws {
        let text = #"{"valueQuantity": {"value": 9}, "referenceRange": [{"high": {"value": 5, "unit": "x"}}]}"#
        #expect(try judgement(text).flag == nil)
    }
}
