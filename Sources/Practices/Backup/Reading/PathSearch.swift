// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// Looks for files and folders whose paths match patterns.
struct PathSearch: Sendable {
    private let patterns: [PathPatterns]
    /// Only what was changed at this moment or later.
    var oldest: Timestamp?
    /// Only what was changed at this moment or earlier.
    var newest: Timestamp?

    /// - Parameter ignoresCase: whether letters of both cases are the same; the patterns are then lower case.
    init(_ patterns: [PathPattern], ignoresCase: Bool = false) {
        self.patterns = patterns.map { PathPatterns([$0], ignoresCase: ignoresCase) }
    }

    /// Shows each match in a snapshot to `found`.
    ///
    /// - Throws: `CancellationError`, and what `found` throws; folders that cannot be read are complained about.
    func run(
        in tree: ObjectID, _ blobs: BlobReader, _ complaints: Complaints, found: (TreeWalk.Item) throws -> Void
    ) async throws {
        try await TreeWalk(blobs: blobs, complaints: complaints).walk(tree) { item in
            if isWanted(item.node.modified), patterns.contains(where: { $0.match(item.path) }) {
                try found(item)
                return .inside
            }
            return patterns.contains { $0.mayMatch(inside: item.path) } ? .inside : .past
        }
    }

    private func isWanted(_ time: Timestamp) -> Bool {
        if let oldest, time.isBefore(oldest) { return false }
        if let newest, newest.isBefore(time) { return false }
        return true
    }
}
