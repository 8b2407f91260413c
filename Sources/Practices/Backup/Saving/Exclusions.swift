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
        if let largerThan, status.type == .file, status.size > largerThan { return true }
        guard let devices else { return false }
        return !devices.contains(status.device)
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
