// SPDX-License-Identifier: Apache-2.0

import Glibc
import ResticFormat

/// An open folder of what is backed up. Everything in it is reached through it, so that a folder on the way that is
/// replaced meanwhile leads nowhere else.
struct SourceFolder: ~Copyable {
    private let descriptor: Descriptor

    /// - Throws: `SystemError`; a link is no folder.
    init(opening name: [UInt8], in folder: Int32 = AT_FDCWD) throws(SystemError) {
        descriptor = try Descriptor(opening: name, in: folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    }

    var number: Int32 { descriptor.number }

    /// The names in it in the order of their bytes.
    ///
    /// - Throws: `SystemError`.
    func names() throws(SystemError) -> [[UInt8]] {
        try FolderNames.read(Self.path(of: [], in: number)).sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// A path by which calls that know no open folders find something in one, however deep it lies.
    static func path(of name: [UInt8], in folder: Int32) -> [UInt8] {
        Array("/proc/self/fd/\(folder)/".utf8) + name
    }
}
