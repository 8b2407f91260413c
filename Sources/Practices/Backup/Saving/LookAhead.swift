// SPDX-License-Identifier: Apache-2.0

import Glibc
import ResticFormat

/// Counts what will be backed up, while it is being backed up, so that whoever watches knows how much is left.
///
/// It only looks: what it cannot read it passes over, for the backup itself says so.
struct LookAhead: Sendable {
    let exclusions: Exclusions

    private struct Count {
        var files = 0
        var bytes: Int64 = 0
    }

    /// Counts everything below absolute paths, and tells `progress` when it is done.
    func count(_ paths: [String], for progress: BackupProgress) async throws {
        var count = Count()
        for path in paths {
            let names = Targets.names(of: path, from: "/")
            guard let name = names.last else { continue }
            let parent = [UInt8(ascii: "/")] + names.dropLast().joined(separator: [UInt8(ascii: "/")])
            guard let folder = try? Descriptor(opening: parent, O_RDONLY | O_DIRECTORY) else { continue }
            try add(name, in: folder.number, names, isTarget: true, to: &count)
        }
        progress.set(totalFiles: count.files, totalBytes: count.bytes)
    }

    private func add(
        _ name: [UInt8], in folder: Int32, _ path: [[UInt8]], isTarget: Bool, to count: inout Count
    ) throws {
        guard isTarget || !exclusions.excludes(path), let status = try? SourceStatus(of: name, in: folder),
            isTarget || !exclusions.excludes(path, status)
        else { return }
        switch status.type {
        case .file: (count.files, count.bytes) = (count.files + 1, count.bytes + status.size)
        case .directory: try addContents(of: name, in: folder, path, to: &count)
        default: break
        }
    }

    private func addContents(of name: [UInt8], in folder: Int32, _ path: [[UInt8]], to count: inout Count) throws {
        try Task.checkCancellation()
        guard let opened = try? SourceFolder(opening: name, in: folder), let names = try? opened.names(),
            !exclusions.excludesContents(of: names, in: opened.number)
        else { return }
        for name in names { try add(name, in: opened.number, path + [name], isTarget: false, to: &count) }
    }
}
