// SPDX-License-Identifier: Apache-2.0

import Glibc
import ResticFormat

// Small files: what they cost is less their bytes than what is done for each of them, so that is done for many at a time.
extension FileSaver {
    /// The longest file that is stored together with others, in bytes. No shorter one is cut but a DICOM file.
    static let small: Int64 = 256 << 10

    /// One that was read: which bytes are its parts.
    private struct Read {
        let status: SourceStatus
        let parts: Range<Int>
    }

    /// Stores files of an open folder.
    ///
    /// - Returns: for each name what became of it; nil for one that has to be saved by itself, because it changed.
    /// - Throws: what the repository refuses.
    func save(small names: [[UInt8]], in folder: Int32) async throws -> [Result<Saved, any Error>?] {
        var (content, parts): ([UInt8], [Range<Int>]) = ([], [])
        var files: [Result<Read, any Error>?] = []
        for name in names {
            do {
                files.append(try read(name, in: folder, &content, &parts).map { .success($0) })
            } catch let error where error is SystemError || error is SaveError {
                files.append(.failure(error))
            }
        }
        let stored = try await store.store(parts, of: content)
        progress.add(bytes: content.count)
        return files.map { file in
            file.map { file in
                file.map { file in
                    let results = file.parts.map { (parts[$0].count, stored[$0]) }
                    return Saved(
                        content: results.map(\.1.id), status: file.status, size: file.status.size,
                        stored: Self.counts(results))
                }
            }
        }
    }

    /// Appends the content of a file and its parts; nil, and nothing, where it has become long or changed meanwhile.
    private func read(
        _ name: [UInt8], in folder: Int32, _ content: inout [UInt8], _ parts: inout [Range<Int>]
    ) throws -> Read? {
        // Nobody waits for the other end of a pipe that took the file's place.
        let file = try Descriptor(opening: name, in: folder, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
        let before = try file.status()
        guard before.type == .file else { throw SaveError.notAFile }
        guard before.size <= Self.small else { return nil }
        let start = content.count
        // One byte more tells that the file has not grown.
        let count = try file.read(appendingTo: &content, upTo: Int(before.size) + 1, at: 0)
        guard count == before.size, before.isSameContent(as: try file.status()) else {
            content.removeLast(content.count - start)
            return nil
        }
        let first = parts.count
        cut(start..<content.count, of: content, into: &parts)
        return Read(status: before, parts: first..<parts.count)
    }

    private func cut(_ file: Range<Int>, of content: [UInt8], into parts: inout [Range<Int>]) {
        let head = content.span.extracting(
            file.lowerBound..<min(file.upperBound, file.lowerBound + FileProfile.headLength))
        let size = Int64(file.count)
        let cutting = Cutting(FileProfile(head: head, size: size), chunker, size: size)
        var start = file.lowerBound
        while start < file.upperBound {
            let rest = content.span.extracting(start..<file.upperBound)
            let length = cutting.cut(rest, at: Int64(start - file.lowerBound), isLast: true) ?? rest.count
            parts.append(start..<start + max(1, length))
            start += max(1, length)
        }
    }
}
