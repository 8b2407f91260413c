// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Store

/// Deletes what ran out: sessions, links, known browsers and counts of failures.
enum Purge {
    /// How long a link that was used or ran out is kept, so that its page can say which of them it was.
    static let linkMemory = Duration.days(7)

    /// The job, which runs every hour.
    static func job(_ store: Database) -> Job {
        Job("identity/purge", every: .hours(1)) { try await run(store) }
    }

    static func run(_ store: Database) async throws {
        try await store.write { tx in
            let now = StoreValue.integer(tx.now.microseconds)
            let idle = StoreValue.integer(tx.now.advanced(by: .zero - Session.idleLimit).microseconds)
            let window = StoreValue.integer(tx.now.advanced(by: .zero - Budget.window).microseconds)
            let links = StoreValue.integer(tx.now.advanced(by: .zero - linkMemory).microseconds)
            try tx.execute("DELETE FROM identity_sessions WHERE expires <= ? OR seen <= ?", [now, idle])
            try tx.execute("DELETE FROM identity_links WHERE expires <= ?", [links])
            try tx.execute("DELETE FROM identity_devices WHERE expires <= ?", [now])
            try tx.execute("DELETE FROM identity_attempts WHERE since <= ?", [window])
        }
    }
}
