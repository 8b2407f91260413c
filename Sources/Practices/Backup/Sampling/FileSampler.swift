// SPDX-License-Identifier: Apache-2.0

import Glibc
import ResticFormat
import Synchronization

/// Chooses files by chance while a backup walks past them, and records the hashes of what they hold.
///
/// Each path has a rank that only the key tells, and the files of the lowest ranks are the sample: every file is as likely
/// to be in it as any other, however many there are, and the next run with that key chooses the same ones.
final class FileSampler: Sendable {
    /// How many files are chosen. With none of 400 lost, at most 0.75 % of all are lost, with 95 % confidence.
    static let standardSize = 400

    private let key: [UInt8]
    private let size: Int
    private let known: [[[UInt8]]: SampledFile]
    private let state = Mutex(State())

    private struct State {
        var population: Int64 = 0
        /// Ordered by rank, at most `size`; without a file where it changed before it could be hashed.
        var chosen: [(rank: ObjectID, file: SampledFile?)] = []
    }

    /// - Parameters:
    ///   - key: 32 random bytes that the job keeps for itself.
    ///   - previous: what the run before recorded: files that are as they were are not read again.
    init(key: [UInt8], previous: FileSample? = nil, size: Int = standardSize) {
        (self.key, self.size) = (key, size)
        known = Dictionary(previous?.files.map { ($0.path, $0) } ?? []) { first, _ in first }
    }

    /// Looks at a file that was just saved, and hashes it if it is chosen.
    ///
    /// - Parameters:
    ///   - node: what the snapshot says of it.
    ///   - folder: the open folder that it is in.
    func consider(_ node: Node, at path: [[UInt8]], in folder: Int32) {
        consider(path) { recorded(node, path) ?? Self.hash(node, path, in: folder) }
    }

    /// Looks at a file of which somebody else than the backup's own reader tells the hash, and records that if it is chosen.
    func consider(_ node: Node, at path: [[UInt8]], digest: () -> ObjectID?) {
        consider(path) { digest().map { SampledFile(node, path, $0) } }
    }

    private func consider(_ path: [[UInt8]], _ record: () -> SampledFile?) {
        let rank = rank(of: path)
        let isChosen = state.withLock { state in
            state.population += 1
            return isLow(rank, state)
        }
        guard isChosen else { return }
        let file = record()
        state.withLock { state in
            guard isLow(rank, state) else { return }
            let place = state.chosen.firstIndex { rank < $0.rank } ?? state.chosen.count
            state.chosen.insert((rank, file), at: place)
            if state.chosen.count > size { state.chosen.removeLast() }
        }
    }

    /// What was recorded.
    var sample: FileSample {
        state.withLock { state in
            let files = state.chosen.compactMap(\.file)
            return FileSample(
                population: state.population, files: files, missed: Int64(state.chosen.count - files.count))
        }
    }

    private func isLow(_ rank: ObjectID, _ state: State) -> Bool {
        guard state.chosen.count >= size, let last = state.chosen.last else { return size > 0 }
        return rank < last.rank
    }

    private func rank(of path: [[UInt8]]) -> ObjectID {
        ObjectID(hashing: path.reduce(into: key) { $0 += [UInt8(ascii: "/")] + $1 })
    }

    private func recorded(_ node: Node, _ path: [[UInt8]]) -> SampledFile? {
        known[path].flatMap { $0.isSame(as: node) ? $0 : nil }
    }

    /// Nil where the file is not any more what was saved.
    private static func hash(_ node: Node, _ path: [[UInt8]], in folder: Int32) -> SampledFile? {
        guard let file = try? Descriptor(opening: node.name, in: folder, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY),
            let before = try? file.status(), before.isUnchanged(since: node), let digest = try? FileHash.of(file),
            let after = try? file.status(), after.isUnchanged(since: node)
        else { return nil }
        return SampledFile(node, path, digest)
    }
}

/// SHA-256 of open files, a megabyte at a time.
enum FileHash {
    static func of(_ file: borrowing Descriptor) throws(SystemError) -> ObjectID {
        var (hash, offset) = (SHA256Stream(), Int64(0))
        var buffer = Array(repeating: UInt8(0), count: 1 << 20)
        while true {
            let count = try file.read(into: &buffer, at: offset)
            hash.update(buffer.span.extracting(0..<count))
            offset += Int64(count)
            if count < buffer.count { return hash.finish() }
        }
    }
}
