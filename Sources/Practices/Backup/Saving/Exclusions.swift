// SPDX-License-Identifier: Apache-2.0

import Glibc
import ResticFormat

/// What a backup leaves out.
struct Exclusions: Sendable {
    /// Patterns of paths.
    var patterns = PathPatterns([])
    /// The same, with letters of both cases alike.
    var patternsOfAnyCase = PathPatterns([], ignoresCase: true)
    /// Files longer than this, in bytes.
    var largerThan: Int64?
    /// Names of files that make a backup leave out what is in their folder, each with the bytes with which it has to begin.
    var markers: [Marker] = []
    /// File systems on which everything has to lie; nil for all.
    var devices: Set<UInt64>?
    /// Files that are not opened, whatever they are called.
    var untouchable: Set<FileNumber> = []

    /// By what a file system knows a file.
    struct FileNumber: Hashable, Sendable {
        let device: UInt64
        let inode: UInt64
    }

    struct Marker: Sendable {
        let name: [UInt8]
        let beginning: [UInt8]

        /// What the standard of cache folders prescribes (bford.info/cachedir).
        static let cache = Marker(
            name: Array("CACHEDIR.TAG".utf8), beginning: Array("Signature: 8a477f597d28d172789f06886806bc55".utf8))
    }

    /// Whether a path is left out, whatever is there.
    func excludes(_ path: [[UInt8]]) -> Bool {
        patterns.match(path) || patternsOfAnyCase.match(path)
    }

    /// Whether what is there is left out.
    func excludes(_ path: [[UInt8]], _ status: SourceStatus) -> Bool {
        if isUntouchable(status) { return true }
        if let largerThan, status.type == .file, status.size > largerThan { return true }
        guard let devices else { return false }
        return !devices.contains(status.device)
    }

    /// Whether what is there must not be opened, even when it was asked for by name.
    func isUntouchable(_ status: SourceStatus) -> Bool {
        untouchable.contains(FileNumber(device: status.device, inode: status.inode))
    }

    /// The files of a SQLite database that this very process has open. Whoever closes one of them takes away the locks that
    /// the process has on it (fcntl(2): locks belong to the process), and then others write where it reads.
    static func files(ofDatabase path: String) -> Set<FileNumber> {
        let files = ["", "-wal", "-shm", "-journal"].compactMap { ending in
            try? SourceStatus(of: Array("\(path)\(ending)".utf8), in: AT_FDCWD)
        }
        return Set(files.map { FileNumber(device: $0.device, inode: $0.inode) })
    }

    /// Whether a folder says of itself that its contents are not worth keeping.
    func excludesContents(of names: [[UInt8]], in folder: Int32) -> Bool {
        markers.contains { marker in
            guard names.contains(marker.name) else { return false }
            guard !marker.beginning.isEmpty else { return true }
            var bytes = Array(repeating: UInt8(0), count: marker.beginning.count)
            guard let file = try? Descriptor(opening: marker.name, in: folder, O_RDONLY | O_NOFOLLOW | O_NONBLOCK),
                let count = try? file.read(into: &bytes, at: 0)
            else { return false }
            return count == bytes.count && bytes == marker.beginning
        }
    }
}
