// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// Which parts of a snapshot are restored.
struct RestoreSelection: Sendable {
    /// Only these; empty for everything.
    var includes = PathPatterns([])
    /// Not these.
    var excludes = PathPatterns([])
    /// Exactly these; nil for whatever the patterns say.
    var only: PathSet?

    func selects(_ path: [[UInt8]]) -> Bool {
        if let only { return only.contains(path) }
        return (includes.isEmpty || includes.match(path)) && !excludes.match(path)
    }

    func mayFind(in folder: [[UInt8]]) -> Bool {
        if let only { return only.isOnTheWay(folder) }
        return (includes.isEmpty || includes.mayMatch(inside: folder)) && !excludes.match(folder)
    }
}

/// Paths, and the folders on the way to them.
struct PathSet: Sendable {
    private let paths: Set<[[UInt8]]>
    private let folders: Set<[[UInt8]]>

    init(_ paths: [[[UInt8]]]) {
        self.paths = Set(paths)
        folders = Set(paths.flatMap { path in path.indices.map { Array(path[..<$0]) } })
    }

    func contains(_ path: [[UInt8]]) -> Bool { paths.contains(path) }

    func isOnTheWay(_ folder: [[UInt8]]) -> Bool { folders.contains(folder) }
}
