// SPDX-License-Identifier: Apache-2.0

import Access
import Building
import Codecs
import Kernel
import Ledger
import Logging
import Store

/// Keeps refusals in the log, by the ordinary way: the space that is kept for care is not for them, or somebody who is
/// refused often enough would use it up.
struct Refusals: Sendable {
    let house: House
    let meter: Meter
    let logger: Logger

    /// Records a refusal. Where that cannot be, it is counted, and the next one that is recorded tells of it: the
    /// answer stays a refusal.
    func record(_ refusal: Fact) async {
        let missed = meter.takeMissedRefusals()
        do {
            try await house.ledger.requireRoom()
            try await house.store.write { tx in
                try tx.record(refusal)
                guard missed > 0 else { return }
                try tx.record(Fact(RefusalFacts.unrecorded, by: .system, [.init("refusals", .integer(missed))]))
            }
        } catch {
            let all = meter.miss(refusal: missed + 1)
            // A flood of them must not fill the disk with these lines either.
            guard all == 1 || all.isMultiple(of: 1_000) else { return }
            logger.error(
                "Refusals are not in the evidence log", metadata: ["refusals": "\(all)", "error": "\(error)"])
        }
    }
}
