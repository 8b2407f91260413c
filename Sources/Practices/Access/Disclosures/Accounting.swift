// SPDX-License-Identifier: Apache-2.0

import Kernel
import Ledger

/// Everything that the log tells about one patient, read through to its first entry (45 CFR 164.528 asks for the
/// disclosures among it).
struct Accounting: Sendable {
    /// When it was read.
    let asked: Instant
    /// The entries, newest first.
    let entries: [PlacedLeaf]

    /// Reads all entries about `subject`.
    ///
    /// - Parameter pageLength: how many entries are read at once.
    /// - Throws: what the log throws; a part is never returned as if it were all.
    init(of subject: [UInt8], in ledger: EvidenceLog, at now: Instant, pageLength: Int64 = 500) async throws {
        // What was committed before the question belongs to the answer.
        try await ledger.settle()
        var query = LeafQuery(limit: pageLength)
        query.subject = subject
        var entries: [PlacedLeaf] = []
        while true {
            let page = try await ledger.leaves(query)
            entries += page
            guard page.count == Int(pageLength), let last = page.last else { break }
            query.before = last.position
        }
        self.entries = entries
        asked = now
    }

    /// The entries by which somebody saw records of the patient.
    var disclosures: [PlacedLeaf] { entries.filter { Disclosure($0.leaf).interaction != nil } }
}
