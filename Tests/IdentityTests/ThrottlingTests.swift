// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store
import TestSupport
import Testing

@testable import Identity

@Suite struct ThrottlingTests {
    @Test(arguments: StoreFixture.dialects)
    func nobodyLocksAClinicianOut(_ dialect: StoreDialect) async throws {
        try await Clinic.with(dialect) { clinic in
            let member = try await clinic.member("dreyes")
            let attack = clinic.attempt(member, password: "a guess")
            for _ in 0..<10 { #expect(try await clinic.signIn.signIn(attack).word == "refused") }
            let throttled = try await clinic.signIn.signIn(attack)
            guard case .throttled(let now, let until) = throttled else { throw Fault(.internal, throttled.word) }
            #expect(until.since(now) == .minutes(15))
            #expect(try await clinic.refusals().count { $0 == "throttled-start" } == 1)
            // The right password does not help from there, but does from the person's own browser.
            #expect(try await clinic.signIn.signIn(clinic.attempt(member)).word == "throttled")
            let own = clinic.attempt(member, device: member.grant.device)
            #expect(try await clinic.signIn.signIn(own).word == "granted")
            clinic.clock.advance(by: .minutes(15))
            #expect(try await clinic.signIn.signIn(clinic.attempt(member)).word == "granted")
        }
    }

    @Test func aKnownBrowserHasABudgetOfItsOwn() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let member = try await clinic.member("dreyes")
            let device = member.grant.device
            let wrong = clinic.attempt(member, password: "a guess", device: device)
            for _ in 0..<10 { #expect(try await clinic.signIn.signIn(wrong).word == "refused") }
            #expect(try await clinic.signIn.signIn(wrong).word == "throttled")
            #expect(try await clinic.signIn.signIn(clinic.attempt(member)).word == "granted")
            let colleague = try await clinic.member("oreyes")
            #expect(try await clinic.signIn.signIn(clinic.attempt(colleague, device: device)).word == "granted")
        }
    }

    @Test func codesCannotBeGuessedFromManyAddresses() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let member = try await clinic.member("dreyes")
            let wrong = clinic.code(member.totp) == "123456" ? "654321" : "123456"
            for number in 0..<10 {
                let attempt = clinic.attempt(member, code: wrong, source: "192.0.2.\(number)")
                #expect(try await clinic.signIn.signIn(attempt).word == "refused")
            }
            let right = clinic.attempt(member, source: "192.0.2.99")
            #expect(try await clinic.signIn.signIn(right).word == "throttled")
            let wrongPassword = clinic.attempt(member, password: "a guess", source: "192.0.2.99")
            #expect(try await clinic.signIn.signIn(wrongPassword).word == "throttled", "no hint about the password")
        }
    }

    @Test func successesDoNotUpTheBudgets() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let member = try await clinic.member("dreyes")
            for _ in 0..<12 {
                #expect(try await clinic.signIn.signIn(clinic.attempt(member)).word == "granted")
                clinic.clock.advance(by: .seconds(30))
            }
        }
    }

    @Test func aSuccessClearsTheFailuresBefore() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let member = try await clinic.member("dreyes")
            let wrong = clinic.attempt(member, password: "a guess")
            for _ in 0..<9 { #expect(try await clinic.signIn.signIn(wrong).word == "refused") }
            #expect(try await clinic.signIn.signIn(clinic.attempt(member)).word == "granted")
            for _ in 0..<9 { #expect(try await clinic.signIn.signIn(wrong).word == "refused") }
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func attemptsAtTheSameTimeAreAllCounted(_ dialect: StoreDialect) async throws {
        try await Clinic.with(dialect) { clinic in
            let bucket = clinic.registry.bucket(.source, Array("192.0.2.7".utf8))
            let store = clinic.store
            let passed = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<80 {
                    group.addTask { (try? await store.write { tx in try tx.spend([bucket]) }) != nil }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(passed == 50)
        }
    }

    @Test func aClockThatIsSetBackDoesNotLockForEver() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let bucket = clinic.registry.bucket(.accountAtSource, [1], [2])
            for _ in 0..<10 { try await clinic.store.write { tx in _ = try tx.spend([bucket]) } }
            clinic.clock.advance(by: .days(-300))
            try await clinic.store.write { tx in
                try tx.demandRoom(in: bucket)
                #expect(try !tx.spend([bucket]))
            }
        }
    }

    @Test func bucketsDoNotRunIntoEachOther() async throws {
        try await Clinic.with(.sqlite) { clinic in
            let names = [
                clinic.registry.bucket(.accountAtSource, [1, 2], [3]),
                clinic.registry.bucket(.accountAtSource, [1], [2, 3]), clinic.registry.bucket(.source, [1, 2, 3]),
                clinic.registry.bucket(.account, [1, 2, 3]),
            ].map(\.name)
            #expect(Set(names).count == names.count)
        }
    }
}
