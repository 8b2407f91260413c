// SPDX-License-Identifier: Apache-2.0

import Kernel
import Synchronization

/// Gives identifiers of one store, within this process, in the order in which they were asked for, also within one
/// millisecond.
final class IdentifierOrder: Sendable {
    private let last = Mutex<(millisecond: Int64, counter: UInt16)>((0, 0))

    /// The next identifier, for a transaction that began at `instant`.
    func next<Kind>(at instant: Instant) -> Identifier<Kind> {
        let (millisecond, counter) = last.withLock { last in
            let now = instant.microseconds / 1_000
            // A clock that was set back begins anew; a transaction that began a little earlier still comes after.
            if now > last.millisecond || now < last.millisecond - 1_000 {
                last = (now, 0)
            } else if last.counter == 0xFFF {
                last = (last.millisecond + 1, 0)
            } else {
                last.counter += 1
            }
            return last
        }
        return Identifier(at: Instant(microseconds: millisecond * 1_000), counter: counter)
    }
}
