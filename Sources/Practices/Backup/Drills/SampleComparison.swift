// SPDX-License-Identifier: Apache-2.0

import Glibc
import ResticFormat

/// Compares restored files with the hashes that were recorded when their source was read.
struct SampleComparison: Sendable {
    /// Files that are what they were.
    private(set) var matching: Int64 = 0
    /// Files that are missing, cannot be read, or hold something else; the paths of the first hundred.
    private(set) var lost: Int64 = 0
    private(set) var paths: [[[UInt8]]] = []

    /// Compares every file of the sample.
    ///
    /// - Parameter root: the folder into which the snapshot's root was restored.
    init(_ sample: FileSample, below root: String) throws {
        for file in sample.files {
            try Task.checkCancellation()
            if Self.isSame(file, below: root) {
                matching += 1
            } else {
                lost += 1
                if paths.count < 100 { paths.append(file.path) }
            }
        }
    }

    private static func isSame(_ file: SampledFile, below root: String) -> Bool {
        do {
            var folder = try Descriptor(opening: Array(root.utf8), O_RDONLY | O_DIRECTORY)
            for name in file.path.dropLast() {
                let inner = try Descriptor(opening: name, in: folder.number, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
                folder = inner
            }
            guard let name = file.path.last else { return false }
            let opened = try Descriptor(opening: name, in: folder.number, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            let digest = try FileHash.of(opened)
            return digest.bytes == file.digest
        } catch {
            return false
        }
    }
}
