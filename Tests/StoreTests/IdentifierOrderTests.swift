// SPDX-License-Identifier: Apache-2.0

import Kernel
import Testing

@testable import Store

@Suite("The order of identifiers")
struct IdentifierOrderTests {
    @Test func aStoreKeepsItsOrderBesideAnotherWithAnotherTime() {
        let (one, other) = (IdentifierOrder(), IdentifierOrder())
        let now = Instant(microseconds: 1_795_593_600_000_000)
        var ids: [Identifier<Kernel.Leaf>] = []
        // More than the counter of one millisecond holds.
        for _ in 0..<5_000 {
            ids.append(one.next(at: now))
            let _: Identifier<Kernel.Leaf> = other.next(at: now.advanced(by: .hours(2)))
        }
        #expect(zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 })
    }
}
