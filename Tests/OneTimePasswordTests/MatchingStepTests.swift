// SPDX-License-Identifier: Apache-2.0

import OneTimePassword
import Testing

/// Which typed codes are accepted at a moment, and that none is accepted twice.
@Suite struct MatchingStepTests {
    private let now: Int64 = 1_800_000_015

    private func totp() throws -> TOTP { try TOTP(secret: OneTimeSecret(Array(1...20))) }

    private func code(_ step: Int64) throws -> String { try #require(totp().code(forStep: step)).text }

    @Test(arguments: [(-2, false), (-1, true), (0, true), (1, true), (2, false)] as [(Int64, Bool)])
    func theWindowIsOneStepToEachSide(offset: Int64, isAccepted: Bool) throws {
        let step = now / 30 + offset
        #expect(try totp().matchingStep(code: code(step), at: now) == (isAccepted ? step : nil))
    }

    @Test func aWindowOfZeroTakesOnlyTheCurrentStep() throws {
        let step = now / 30
        #expect(try totp().matchingStep(code: code(step), at: now, window: 0) == step)
        #expect(try totp().matchingStep(code: code(step - 1), at: now, window: 0) == nil)
    }

    @Test func anAcceptedStepAndAllBeforeItAreSpent() throws {
        let step = now / 30
        #expect(try totp().matchingStep(code: code(step), at: now, after: step) == nil)
        #expect(try totp().matchingStep(code: code(step - 1), at: now, after: step) == nil)
        #expect(try totp().matchingStep(code: code(step + 1), at: now, after: step) == step + 1)
        #expect(try totp().matchingStep(code: code(step), at: now, after: step - 1) == step)
    }

    @Test func everyOtherCodeOfAThousandIsRefused() throws {
        let totp = try totp()
        let good = try (-1...1).map { try code(now / 30 + $0) }
        for number in 0..<1_000 {
            let text = String(100_000 + number * 899)
            #expect((totp.matchingStep(code: text, at: now) != nil) == good.contains(text))
        }
    }

    @Test(arguments: [Int64.min, -1, 0, 29, Int64.max])
    func momentsAtTheEdgesDoNotTrap(seconds: Int64) throws {
        let totp = try totp()
        let step = totp.step(at: seconds)
        #expect((step == nil) == (seconds < 0))
        let code = step.flatMap { totp.code(forStep: $0)?.text } ?? "000000"
        #expect(totp.matchingStep(code: code, at: seconds, window: .max) == step)
    }

    @Test(arguments: ["123 456", "1 2 3 4 5 6", "123456"])
    func spacesBetweenGroupsAreRead(text: String) throws {
        let code = try #require(OneTimeCode(text, digits: 6))
        #expect(code.value == 123_456 && code.text == "123456")
    }

    @Test(arguments: [
        "", " ", "12345", "1234567", " 123456", "123456 ", "123  456", "123-456", "+12345", "١٢٣٤٥٦", "１２３４５６",
        "12345\u{0}", "123\u{A0}456", "123456\r\n", "999999999999999999999999",
    ])
    func anythingElseIsNoCode(text: String) throws {
        #expect(OneTimeCode(text, digits: 6) == nil)
        #expect(try totp().matchingStep(code: text, at: now) == nil)
    }

    @Test func leadingZerosStay() {
        #expect(OneTimeCode("000 007", digits: 6)?.text == "000007")
    }
}
