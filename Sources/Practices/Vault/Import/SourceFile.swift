// SPDX-License-Identifier: Apache-2.0

import FHIRBundle
import Glibc

/// A file that somebody wants to have taken in.
package struct SourceFile: Sendable {
    /// Where it is. Shown to the operator at the terminal, never written anywhere: names may name patients.
    package let path: String
    let packing: Packing

    /// The file's name without its folder.
    package var name: String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// The files at `paths`: each file as it is named, and every `.json` and `.ndjson`, plain or packed, below each
    /// folder.
    ///
    /// What others refer to comes first: hospitals and practitioners (`0-…`), then patients.
    /// - Throws: `ImportProblem` with the path that cannot be looked at.
    package static func find(_ paths: [String]) throws(SourceError) -> [SourceFile] {
        var files: [SourceFile] = []
        for path in paths {
            switch kind(of: path) {
            case .file: files.append(SourceFile(path: path, packing: packing(of: path) ?? .plain))
            case .folder: try collect(path, depth: 0, &files)
            case .missing: throw SourceError(path: path, problem: .unreadable("there is no such file or folder"))
            case .other: throw SourceError(path: path, problem: .notAFile)
            }
        }
        return files.map { (key: $0.order, file: $0) }.sorted { one, other in
            one.key.rank == other.key.rank
                ? one.key.path.lexicographicallyPrecedes(other.key.path) : one.key.rank < other.key.rank
        }.map(\.file)
    }

    private var order: (rank: Int, path: [UInt8]) {
        let name = name
        let rank = name.hasPrefix("0-") ? 0 : name.hasPrefix("Patient") ? 1 : 2
        return (rank, Array(path.utf8))
    }

    private static func packing(of name: String) -> Packing? {
        for (ending, packing) in [("", Packing.plain), (".gz", .gzip), (".bz2", .bzip2)] {
            if name.hasSuffix(".json" + ending) || name.hasSuffix(".ndjson" + ending) { return packing }
        }
        return nil
    }

    /// Folders inside folders are followed, links to folders are not: they may lead in circles.
    private static func collect(_ folder: String, depth: Int, _ files: inout [SourceFile]) throws(SourceError) {
        guard depth < 32, let directory = unsafe opendir(folder) else {
            throw SourceError(path: folder, problem: .unreadable(unsafe String(cString: strerror(errno))))
        }
        defer { unsafe closedir(directory) }
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name.hasPrefix(".") { continue }
            let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
            switch kind(of: path, following: false) {
            case .folder: try collect(path, depth: depth + 1, &files)
            default:
                guard kind(of: path) == .file, let packing = packing(of: name) else { continue }
                files.append(SourceFile(path: path, packing: packing))
            }
        }
    }

    private enum Kind {
        case file
        case folder
        case missing
        case other
    }

    private static func kind(of path: String, following: Bool = true) -> Kind {
        var info = stat()
        guard unsafe (following ? stat(path, &info) : lstat(path, &info)) == 0 else { return .missing }
        switch info.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        default: return .other
        }
    }
}

/// A path that cannot be imported.
package struct SourceError: Error, Sendable {
    /// The path as it was given.
    package let path: String
    /// What is wrong with it.
    package let problem: ImportProblem
}

extension SourceFile {
    /// The file's content, unpacked.
    ///
    /// - Throws: `ImportProblem` when it cannot be read, is too large, or does not unpack.
    func content() throws(ImportProblem) -> [UInt8] {
        try packing.unpack(try bytes(limit: BundleLimits.standard.fileBytes))
    }

    private func bytes(limit: Int) throws(ImportProblem) -> [UInt8] {
        // Not blocking, or a pipe that took the file's place would hold us up for ever.
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw .unreadable(unsafe String(cString: strerror(errno))) }
        defer { close(file) }
        var info = stat()
        guard unsafe fstat(file, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
        guard info.st_size <= limit else { throw .tooLarge(limit: limit) }
        var bytes = [UInt8](repeating: 0, count: Int(info.st_size))
        var filled = 0
        while filled < bytes.count {
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe read(file, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .unreadable("it became shorter while it was read") }
            filled += count
        }
        return bytes
    }
}
