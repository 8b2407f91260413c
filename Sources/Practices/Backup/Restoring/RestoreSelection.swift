// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// Which parts of a snapshot are restored.
struct RestoreSelection: Sendable {
    /// Only these; empty for everything.
    var includes = PathPatterns([])
    /// Not these.
    var excludes = PathPatterns([])

    func selects(_ path: [[UInt8]]) -> Bool {
        (includes.isEmpty || includes.match(path)) && !excludes.match(path)
    }

    func mayFind(in folder: [[UInt8]]) -> Bool {
        (includes.isEmpty || includes.mayMatch(inside: folder)) && !excludes.match(folder)
    }
}
