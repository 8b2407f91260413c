// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Kernel
import ResticFormat

/// A folder for what a drill restores: for its owner alone, and gone with everything in it afterwards.
///
/// As long as it is used it is locked: what is not locked was left by a process that was killed.
final class ScratchFolder: Sendable {
    let path: String
    private let lock: Descriptor

    private static let prefix = "salus-drill-"

    /// A new one inside `parent`, after what drills left there whose process is gone was taken away.
    ///
    /// - Throws: `Fault.unavailable` when it cannot be made, `Fault.refused` where somebody else could change it.
    init(in parent: String) throws {
        try Self.prepare(parent)
        Self.removeLeftovers(in: parent)
        path = "\(parent)/\(Self.prefix)\(UInt64.random(in: .min ... .max))"
        do {
            guard unsafe mkdir(path, 0o700) == 0 else { throw SystemError("make the folder", Array(path.utf8)) }
            let folder = try Descriptor(opening: Array(path.utf8), O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
            guard folder.lockAlone() else { throw SystemError("lock") }
            lock = folder
        } catch {
            throw Fault(.unavailable, "There is no folder for a drill: \(error). Say another one with --scratch.")
        }
    }

    /// Where drills are done unless somebody says another folder: on the disk, and not in memory.
    static var standardParent: String { "/var/tmp/salus-drills-\(geteuid())" }

    /// Makes the folder around it, and refuses one that somebody else could change.
    private static func prepare(_ parent: String) throws {
        try? FileManager.default.createDirectory(
            atPath: parent, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        guard let status = try? SourceStatus(of: Array(parent.utf8), in: AT_FDCWD) else {
            throw Fault(.unavailable, "There is no folder for drills and none can be made. Say another with --scratch.")
        }
        guard status.type == .directory, status.uid == geteuid(), status.mode & 0o022 == 0 else {
            throw Fault(
                .refused, "Somebody else could change the folder for drills. Say one of your own with --scratch.")
        }
    }

    /// Bytes that are free where it is, for whoever is not root.
    static func free(at path: String) -> Int64 {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { return 0 }
        let (bytes, overflow) = Int64(clamping: status.f_bavail).multipliedReportingOverflow(
            by: Int64(clamping: status.f_frsize))
        return overflow ? .max : bytes
    }

    /// Takes it away.
    func remove() {
        Self.remove(path)
    }

    /// Folders that were restored without the right to change them are opened first. Nobody else gets into the folder, so
    /// nothing in it turns into a link meanwhile.
    private static func remove(_ path: String) {
        if (try? FileManager.default.removeItem(atPath: path)) != nil { return }
        let names = FileManager.default.enumerator(atPath: path)
        unsafe chmod(path, 0o700)
        while let name = names?.nextObject() as? String {
            let inside = "\(path)/\(name)"
            guard let status = try? SourceStatus(of: Array(inside.utf8), in: AT_FDCWD), status.type == .directory else {
                continue
            }
            unsafe chmod(inside, 0o700)
        }
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Takes away what drills left whose process was killed: it is a copy of patients' data.
    static func removeLeftovers(in parent: String) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        for name in names where name.hasPrefix(prefix) {
            let path = "\(parent)/\(name)"
            guard let folder = try? Descriptor(opening: Array(path.utf8), O_RDONLY | O_DIRECTORY | O_NOFOLLOW),
                let status = try? folder.status(), status.uid == geteuid(), folder.lockAlone()
            else { continue }
            remove(path)
        }
    }
}
