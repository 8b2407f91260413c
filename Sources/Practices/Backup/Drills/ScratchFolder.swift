// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Kernel
import ResticFormat

/// A folder for what a drill restores: for its owner alone, and gone with everything in it afterwards.
struct ScratchFolder: Sendable {
    let path: String

    private static let prefix = "salus-drill-"

    /// A new one inside `parent`, after whatever drills left there whose process is gone.
    ///
    /// - Throws: `Fault.unavailable` when it cannot be made.
    init(in parent: String) throws {
        try Self.prepare(parent)
        Self.removeLeftovers(in: parent)
        path = "\(parent)/\(Self.prefix)\(getpid())-\(UInt32.random(in: .min ... .max))"
        guard unsafe mkdir(path, 0o700) == 0 else {
            let error = SystemError("make the folder", Array(path.utf8))
            throw Fault(.unavailable, "There is no room for a drill: \(error). Say another folder with --scratch.")
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
        guard status.type == .directory, [0, geteuid()].contains(status.uid),
            status.mode & 0o022 == 0 || status.mode & 0o1000 != 0
        else {
            throw Fault(.refused, "Others can change the folder for drills. Say another folder with --scratch.")
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

    /// Takes it away. Folders that were restored without the right to change them are opened first.
    func remove() {
        Self.remove(path)
    }

    private static func remove(_ path: String) {
        if (try? FileManager.default.removeItem(atPath: path)) != nil { return }
        let names = FileManager.default.enumerator(atPath: path)
        unsafe chmod(path, 0o700)
        while let name = names?.nextObject() as? String {
            var status = stat()
            let inside = "\(path)/\(name)"
            guard unsafe lstat(inside, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { continue }
            unsafe chmod(inside, 0o700)
        }
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Takes away what drills left whose process was killed: it is a copy of patients' data.
    static func removeLeftovers(in parent: String) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        for name in names where name.hasPrefix(prefix) {
            let owner = name.dropFirst(prefix.count).prefix { $0 != "-" }
            guard let process = Int(owner), process != Int(getpid()), !RepositoryLock.isRunning(process) else {
                continue
            }
            remove("\(parent)/\(name)")
        }
    }
}
