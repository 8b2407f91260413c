// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Ledger
import ResticFormat
import Store
import Web

/// Looks into snapshots, and gives single files back.
///
/// An address names a place by numbers, the third entry of the first folder: names of files may name patients, and addresses
/// end in histories and logs.
struct SnapshotPages: Sendable {
    let house: House
    let shelf: OpenRepositories

    /// The longest file that is given through the console; a longer one needs the command.
    private static let fileLimit: UInt64 = 64 << 20
    /// More entries of a folder are not shown.
    private static let entryLimit = 1_000

    static func path(_ repository: Identifier<StoredRepository>, _ snapshot: ObjectID) -> String {
        "\(BackupPages.path)/snapshots/\(repository)/\(snapshot.hex)"
    }

    func add(to site: inout Site) {
        site.get("\(BackupPages.path)/snapshots/{repository}/{snapshot}", BackupActions.restore) { request in
            try await folder(request)
        }
        site.get("\(BackupPages.path)/snapshots/{repository}/{snapshot}/file", BackupActions.restore) { request in
            try await file(request)
        }
    }

    /// Where a request points to.
    private struct Place: Sendable {
        let record: SnapshotRecord
        let repository: StoredRepository
        let job: BackupJob?
        let steps: [Int]
    }

    private func place(_ request: PageRequest) async throws -> Place {
        let repository: Identifier<StoredRepository> = try request.identifier("repository")
        guard let snapshot = ObjectID(try request.parameter("snapshot")),
            let steps = Self.steps(request.query["at"] ?? "")
        else { throw Fault(.notFound, "There is no such page.") }
        return try await house.store.read { tx in
            guard let record = try tx.backupSnapshot(snapshot, in: repository),
                let known = try tx.backupRepository(repository)
            else { throw Fault(.notFound, "There is no such snapshot.") }
            return Place(record: record, repository: known, job: try tx.backupJob(record.job), steps: steps)
        }
    }

    /// `3.0.12`; nil for anything else, and for what lies deeper than anybody clicks.
    private static func steps(_ text: String) -> [Int]? {
        guard !text.isEmpty else { return [] }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { $0.utf8.count <= 7 ? Int($0) : nil }.filter { $0 >= 0 }
        return numbers.count == parts.count && numbers.count <= 200 ? numbers : nil
    }

    /// The nodes on the way to a place, and what is in the last one.
    private struct Sight: Sendable {
        var way: [Node] = []
        var nodes: [Node] = []
    }

    private func sight(_ place: Place) async throws -> Sight {
        try await shelf.use(place.record.repository) { blobs in
            guard let json = try await blobs.repository.load(place.record.snapshot, .snapshots) else {
                throw Fault(.notFound, "The snapshot is not in its repository any more.")
            }
            var sight = Sight()
            sight.nodes = try await blobs.nodes(of: try Snapshot.parse(json).tree)
            for step in place.steps {
                guard sight.nodes.indices.contains(step) else { throw Fault(.notFound, "There is no such page.") }
                let node = sight.nodes[step]
                sight.way.append(node)
                sight.nodes = try await node.subtree.mapped { try await blobs.nodes(of: $0) } ?? []
            }
            return sight
        }
    }

    private func folder(_ request: PageRequest) async throws -> Answer {
        let place = try await place(request)
        let sight = try await sight(place)
        guard sight.way.allSatisfy({ $0.type == .directory }) else { throw Fault(.notFound, "There is no such page.") }
        try await tell(BackupFacts.lookedInto, place, request)
        let page = SnapshotFolder(
            repository: place.repository, record: place.record, job: place.job, steps: place.steps,
            way: sight.way.map(\.name), nodes: Array(sight.nodes.prefix(Self.entryLimit)),
            more: max(0, sight.nodes.count - Self.entryLimit), fileLimit: Self.fileLimit, time: house.localTime)
        return .page("Snapshot \(place.record.snapshot.short)", page.content)
    }

    private func file(_ request: PageRequest) async throws -> Answer {
        let place = try await place(request)
        let sight = try await sight(place)
        guard let node = sight.way.last, node.type == .file, sight.way.dropLast().allSatisfy({ $0.type == .directory })
        else { throw Fault(.notFound, "There is no such file.") }
        guard node.size <= Self.fileLimit else {
            throw Fault(.tooLarge, "This file is too long for a browser: restore it with `salus backup restore`.")
        }
        let bytes = try await shelf.use(place.record.repository) { blobs in
            var bytes: [UInt8] = []
            for id in node.content ?? [] {
                bytes += try await blobs.content(BlobHandle(.data, id))
                guard bytes.count <= Int(Self.fileLimit) else {
                    throw Fault(.damaged, "The file is longer than it says.")
                }
            }
            return bytes
        }
        // The leaf is committed before a byte leaves.
        try await tell(BackupFacts.fileGiven, place, request, [.init("bytes", .integer(Int64(bytes.count)))])
        return Answer(
            headers: [
                ("content-disposition", "attachment; filename=\"\(Self.plain(node.name))\""),
                ("content-security-policy", "sandbox"),
            ], body: .bytes(bytes, mediaType: "application/octet-stream"))
    }

    /// A name without what would end the quotation of a header.
    private static func plain(_ name: [UInt8]) -> String {
        let bytes = name.map { byte -> UInt8 in
            let isPlain = (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
            return isPlain ? byte : UInt8(ascii: "_")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func tell(
        _ kind: FactKind, _ place: Place, _ request: PageRequest, _ more: [CanonicalMember] = []
    ) async throws {
        let fact = Fact(
            kind, by: .person(try request.person().person.id),
            [
                .init("repository", .string(place.repository.id.description)),
                .init("snapshot", .string(place.record.snapshot.hex)),
                .init("at", .string(place.steps.map(String.init).joined(separator: "."))),
            ] + more)
        try await house.care { tx in try tx.record(fact) }
    }
}

extension Optional where Wrapped: Sendable {
    fileprivate func mapped<Value>(_ work: (Wrapped) async throws -> Value) async rethrows -> Value? {
        guard let value = self else { return nil }
        return try await work(value)
    }
}
