// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// Small files of one folder, in batches whose parts are read together.
struct FileBatches {
    private var batches: [[Node]] = []
    private var length = 0

    /// How many bytes a batch holds, and how many files: this bounds the memory.
    private static let (bytes, files) = (1 << 20, 256)

    /// Whether there are enough of them to begin: so many nodes are kept at most.
    var isFull: Bool { batches.count > 16 }

    /// - Parameter length: of the file's content, in bytes.
    mutating func add(_ node: Node, length: Int) {
        if batches.isEmpty || self.length + length > Self.bytes || (batches.last?.count ?? 0) >= Self.files {
            batches.append([])
            self.length = 0
        }
        batches[batches.count - 1].append(node)
        self.length += length
    }

    mutating func take() -> [[Node]] {
        defer { self = FileBatches() }
        return batches
    }
}
