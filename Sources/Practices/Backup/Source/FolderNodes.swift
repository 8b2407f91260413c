// SPDX-License-Identifier: Apache-2.0

import Glibc
import ResticFormat

extension AssembledFolder {
    /// Adds the folders in which something of this machine is, as they are. Links on the way are followed.
    ///
    /// - Throws: `SystemError`.
    mutating func addFolders(to path: [[UInt8]], _ archiver: Archiver) throws {
        var above: [UInt8] = []
        for count in 1...max(1, path.count) where count <= path.count {
            let name = path[count - 1]
            let folder = try Descriptor(opening: above + [UInt8(ascii: "/")], O_RDONLY | O_DIRECTORY)
            above += [UInt8(ascii: "/")] + name
            let status = try Descriptor(opening: above, O_RDONLY | O_DIRECTORY).status()
            let node = try archiver.nodes.node(name, status, .directory, in: folder.number)
            add(node, at: path[..<count], pattern: node)
        }
    }
}
