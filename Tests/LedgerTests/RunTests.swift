// SPDX-License-Identifier: Apache-2.0

import Kernel
import Ledger
import Logging
import ServiceLifecycle
import Store
import TestSupport
import Testing
import TransparencyLog

@Suite struct RunTests {
    @Test(arguments: StoreFixture.dialects)
    func aCleanStopLeavesNothingPending(_ dialect: StoreDialect) async throws {
        try await LedgerFixture.with(dialect) { ledger in
            let log = try await ledger.open()
            try await ledger.record(3)
            let group = ServiceGroup(
                configuration: .init(
                    services: [.init(service: log)], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
            let running = Task { try await group.run() }
            for _ in 0..<500 where try await log.checkpoint() == nil { try await Task.sleep(for: .milliseconds(10)) }
            #expect(try await log.checkpoint()?.checkpoint.size == 3)
            // The sequencer sleeps half a second now; these are taken by the last settling.
            try await ledger.record(4)
            await group.triggerGracefulShutdown()
            try await running.value
            #expect(try await log.checkpoint()?.checkpoint.size == 7)
            #expect(try await log.pendingCount() == 0)
            #expect(try await ledger.verify().problems == [])
        }
    }

    @Test func aCancelledRunSettlesToo() async throws {
        try await LedgerFixture.with(.sqlite) { ledger in
            let log = try await ledger.open()
            let running = Task { try await log.run() }
            try await ledger.record(4)
            running.cancel()
            try await running.value
            #expect(try await log.checkpoint()?.checkpoint.size == 4)
        }
    }
}
