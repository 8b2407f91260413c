// SPDX-License-Identifier: Apache-2.0

import Kernel
import Testing

@testable import Identity

@Suite struct PasswordTests {
    @Test func hashesAndVerifies() async throws {
        let password = try #require(PasswordText("correct horse battery"))
        let other = try #require(PasswordText("correct horse batterz"))
        let hash = try await PasswordHasher.shared.hash(password)
        #expect(hash.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect(try await PasswordHasher.shared.verify(password, hash))
        #expect(try await !PasswordHasher.shared.verify(other, hash))
        #expect(try await PasswordHasher.shared.hash(password) != hash, "each hash has its own salt")
    }

    /// From the test suite of the reference implementation.
    @Test func agreesWithTheReference() async throws {
        let hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
        #expect(try await PasswordHasher.shared.verify(try #require(PasswordText("password")), hash))
        #expect(try await !PasswordHasher.shared.verify(try #require(PasswordText("passwore")), hash))
    }

    @Test(arguments: ["", "$argon2id$v=19$m=19456", "plain text"])
    func refusesWhatIsNoHash(_ hash: String) async throws {
        let password = try #require(PasswordText("x"))
        let fault = await #expect(throws: Fault.self) { try await PasswordHasher.shared.verify(password, hash) }
        #expect(fault?.code == .damaged)
    }

    @Test func theQueueIsBounded() async throws {
        let hasher = PasswordHasher()
        let password = try #require(PasswordText("many at once"))
        let outcomes = await withTaskGroup(of: Fault.Code?.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    do {
                        _ = try await hasher.hash(password)
                        return nil
                    } catch {
                        return (error as? Fault)?.code ?? .internal
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == nil } >= PasswordHasher.waitingLimit)
        #expect(outcomes.contains(.throttled))
        #expect(outcomes.allSatisfy { $0 == nil || $0 == .throttled })
        #expect(try await !hasher.hash(password).isEmpty, "afterwards there is room again")
    }

    @Test func oneFormOfUnicode() throws {
        let composed = try #require(PasswordText("caf\u{E9} \u{FB01}ne"))
        let decomposed = try #require(PasswordText("cafe\u{301} fine"))
        #expect(composed.bytes == decomposed.bytes)
        #expect("\(composed)" == "PasswordText(redacted)")
        #expect(PasswordText(String(repeating: "a", count: 256)) != nil)
        #expect(PasswordText(String(repeating: "a", count: 257)) == nil)
        #expect(PasswordText(String(repeating: "\u{1F512}", count: 64)) != nil)
    }
}

@Suite struct PasswordRuleTests {
    private let rules = PasswordRules(institution: "Lindenhof Family Clinic")

    private func objection(_ password: String) -> String? {
        rules.objection(to: password, login: "dreyes", name: "Dana Reyes")
    }

    @Test(arguments: [
        "umbrella on the roof", "zwölf Boxkämpfer", "8.Reg:nbo", "    a b c d", "пароль-из-сердца", "🔒🔑🗝🚪🏠🌳🌲🌴",
        "xkqvwtzj", "Dana likes umbrellas",
    ])
    func accepts(_ password: String) {
        #expect(objection(password) == nil)
    }

    @Test(arguments: [
        "", "1234567", "sevench", "12345678", "87654321", "abcdefghij", "aaaaaaaaaa", "abababababab", "password",
        "PassWord1", "qwertyuiop", "iloveyou1", "baseball", "salus123", "Salus!!!",
        "dreyes99", "reyes123", "lindenhof1", "LINDENHOF",
        "clinic12", "familyfamily", "🔒🔒🔒🔒🔒🔒🔒🔒",
    ])
    func refuses(_ password: String) {
        #expect(objection(password) != nil)
    }

    @Test func tooLong() {
        #expect(objection(String(repeating: "long words ", count: 30)) != nil)
        #expect(objection(String(repeating: "0123456789abcdef", count: 16)) == nil)
    }

    @Test func theListIsSortedAndFound() {
        #expect(CommonPasswords.count > 10_000)
        for known in ["!qaz2wsx", "password", "zzzzzzz1", "iloveyou", "baseball"] {
            #expect(CommonPasswords.contains(known), "\(known)")
        }
        for unknown in ["", "a", "passwordx1y2", "~~~~~~~~~", "!", "pass", "\n", "password\n"] {
            #expect(!CommonPasswords.contains(unknown), "\(unknown)")
        }
    }
}
