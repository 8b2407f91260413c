// SPDX-License-Identifier: Apache-2.0

import ResticFormat
import Store
import TestSupport
import Testing

@testable import Backup

/// What a server sent is held against what it says that it sent.
struct ClusterArrivalTests {
    private static let segment = "000000010000000000000002"
    private static let start = LogPosition(bytes: 2 << 20)
    private static let end = LogPosition(bytes: 2 << 20 | 0x100)

    private static func member(_ path: String, _ content: [UInt8], _ type: NodeType = .file) -> [UInt8] {
        var node = Node(name: Array(path.utf8), type: type)
        node.mode = FileMode(unix: type == .directory ? 0o040700 : 0o100600)
        let entry = TarEntry(path: Array(path.utf8), node: node, size: UInt64(content.count))
        return entry.head() + content + TarEntry.padding(after: UInt64(content.count))
    }

    private static func manifest(_ files: [(String, [UInt8])]) -> [UInt8] {
        let entries = files.map { path, content in
            """
            { "Path": "\(path)", "Size": \(content.count), "Checksum-Algorithm": "SHA256", \
            "Checksum": "\(ObjectID(hashing: content).hex)" }
            """
        }
        let text = Array("{ \"Files\": [\n\(entries.joined(separator: ",\n"))],\n".utf8)
        return text + Array("\"Manifest-Checksum\": \"\(ObjectID(hashing: text).hex)\"}\n".utf8)
    }

    /// Takes archives in, of the data folder and of one tablespace, and looks whether they are whole.
    private static func arrive(
        _ data: [UInt8], _ space: [UInt8] = [], _ manifest: [UInt8]?
    ) async throws -> [String: UInt64] {
        try await TemporaryFolder.with { folder in
            let repository = try await Repository.create(
                at: LocalPlace("\(folder)/repository"), password: [1], who: .current)
            let (index, _) = try await LoadedIndex.load(repository)
            let archiver = Archiver(
                store: try BlobStore(repository, index), blobs: BlobReader(repository: repository, index: index),
                chunker: Chunker(repository.config.polynomial), nodes: NodeReader(), exclusions: Exclusions(),
                progress: BackupProgress(), report: BackupReport())
            let layout = ClusterLayout(name: "clinic", Timestamp(seconds: 0))
            let arrival = try await withThrowingTaskGroup(of: ArrivingFiles.Done.self) { group in
                var arrival = ClusterArrival(ArrivingFiles(archiver), layout)
                if !space.isEmpty {
                    try await arrival.take(.archive(tablespace: 16_384), &group)
                    try await arrival.take(.bytes(space), &group)
                }
                try await arrival.take(.archive(tablespace: nil), &group)
                for start in stride(from: 0, to: data.count, by: 1_000) {
                    try await arrival.take(.bytes(Array(data[start..<min(start + 1_000, data.count)])), &group)
                }
                if let manifest {
                    try await arrival.take(.manifest, &group)
                    try await arrival.take(.bytes(manifest), &group)
                }
                try await arrival.finish(&group)
                return arrival
            }
            try arrival.verify(from: start, to: end, timeline: 1)
            let files = arrival.arriving.files.map { (PathText.text($0.path), $0.node.size) }
            return Dictionary(files) { first, _ in first }
        }
    }

    private static let control: [UInt8] = Array(repeating: 3, count: 700)
    private static let far: [UInt8] = Array(repeating: 4, count: 9_000)
    private static let log = member("pg_wal/\(segment)", Array(repeating: 0, count: 1 << 20))
    private static let data =
        member("global/", [], .directory) + member("global/pg_control", control) + log + TarEntry.end
    private static let space = member("PG_15_2022/", [], .directory) + member("PG_15_2022/5", far) + TarEntry.end
    private static let files = [("global/pg_control", control), ("pg_tblspc/16384/PG_15_2022/5", far)]

    @Test
    func allOfItArrives() async throws {
        let files = try await Self.arrive(Self.data, Self.space, Self.manifest(Self.files))
        #expect(files["/postgres/clinic/data/global/pg_control"] == 700)
        #expect(files["/postgres/clinic/tablespaces/16384/PG_15_2022/5"] == 9_000)
        #expect(files["/postgres/clinic/data/backup_manifest"] != nil)
        #expect(files.count == 8)
    }

    @Test
    func aFileThatArrivesOtherwiseIsNamed() async throws {
        var changed = Self.data
        changed[1_024 + 300] ^= 1
        await #expect(throws: SourceError.altered(file: "global/pg_control")) {
            _ = try await Self.arrive(changed, Self.space, Self.manifest(Self.files))
        }
        await #expect(throws: SourceError.altered(file: "pg_tblspc/16384/PG_15_2022/5")) {
            _ = try await Self.arrive(Self.data, [], Self.manifest(Self.files))
        }
    }

    @Test
    func whatEndsTooEarlyIsNoBackup() async throws {
        let short = Array(Self.data.prefix(1_500))
        await #expect(throws: SourceError.incomplete) {
            _ = try await Self.arrive(short, Self.space, Self.manifest(Self.files))
        }
        await #expect(throws: SourceError.incomplete) { _ = try await Self.arrive(Self.data, Self.space, nil) }
        await #expect(throws: SourceError.manifest) {
            _ = try await Self.arrive(Self.data, Self.space, Self.manifest(Self.files).dropLast(9))
        }
    }

    @Test
    func withoutItsLogItIsNoBackup() async throws {
        let other = Self.member("pg_wal/000000010000000000000003", Array(repeating: 0, count: 1 << 20))
        let data = Self.member("global/pg_control", Self.control) + other + TarEntry.end
        await #expect(throws: SourceError.log(segment: Self.segment)) {
            _ = try await Self.arrive(data, Self.space, Self.manifest(Self.files))
        }
    }
}
