// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// Holds a repository against itself: every file has the hash that its name says, everything that the index names is
/// there, and everything that a snapshot needs is in the index. Nobody else may work in it meanwhile.
struct RepositoryCheck: Sendable {
    let repository: Repository
    var subset = ReadSubset.none
    /// Only these snapshots; nil for all.
    var only: Set<ObjectID>?
    var steps = Steps()

    /// Packs that are read at a time.
    private static let underway = 2

    /// - Throws: `PlaceError` when files cannot be listed or the place cannot be reached. Everything else is in the report.
    func run() async throws -> CheckReport {
        var report = CheckReport()
        try await checkKeys(&report)
        let list = try await SnapshotList.load(repository)
        for flaw in list.flaws { report.fail(flaw) }
        let chosen = list.snapshots.filter { only?.contains($0.id) ?? true }
        report.snapshots = chosen.count
        let (index, flaws) = try await LoadedIndex.load(repository)
        for flaw in flaws { report.fail(index: flaw) }
        let packs = try await repository.place.list(.data)
        let all = index.all
        let contents = PackContents(all)
        checkPacks(packs, all, contents, &report)
        let used = try await checkTrees(chosen, index, all, &report)
        let needed = only == nil ? packs : packs.filter { contents.holds($0.id, used, all) }
        try await readPacks(needed.filter { all.containsPack($0.id) }, contents, &report)
        return report
    }

    /// The keys' files are not sealed: only their names tell whether they are whole.
    private func checkKeys(_ report: inout CheckReport) async throws {
        for (id, length) in try await repository.place.list(.keys) {
            guard length <= Repository.fileLimit,
                let bytes = try await repository.place.read(RepositoryFile(.keys, id), nil)
            else {
                report.fail("key \(id.short): it cannot be read")
                continue
            }
            if ObjectID(hashing: bytes) != id { report.fail("key \(id.short): \(FormatError.wrongHash(.key))") }
        }
    }

    private func checkPacks(
        _ packs: [(id: ObjectID, length: Int)], _ index: BlobIndex, _ contents: PackContents,
        _ report: inout CheckReport
    ) {
        report.packs = packs.count
        let lengths = Dictionary(packs.map { ($0.id, $0.length) }) { first, _ in first }
        for pack in index.packs {
            guard let length = lengths[pack] else {
                report.fail(pack: pack, "it is missing")
                continue
            }
            let expected = contents.length(of: pack)
            guard length == expected else {
                report.fail(pack: pack, "it is \(length) bytes long, and should be \(expected)")
                continue
            }
            if contents.isMixed(pack) {
                report.hintPrune("pack \(pack.short) holds folders and data: `prune` parts them")
            }
        }
        let unnamed = packs.count { !index.containsPack($0.id) }
        if unnamed > 0 {
            report.hintPrune(
                "\(unnamed) packs are in no index, as interrupted backups leave them: `prune` deletes them")
        }
    }

    private func checkTrees(
        _ snapshots: [SnapshotList.Entry], _ index: LoadedIndex, _ all: BlobIndex, _ report: inout CheckReport
    ) async throws -> BlobSet {
        var used = BlobSet(of: all)
        var (found, seen): (CheckReport, Set<ObjectID>) = (report, [])
        let blobs = BlobReader(repository: repository, index: index)
        try await TreeSweep(blobs: blobs).each(below: snapshots.map(\.snapshot.tree), besides: &seen) { tree, result in
            used.insert(BlobHandle(.tree, tree), of: all)
            do {
                try result.get().each { Self.check($0, of: tree, all, &used, &found) }
            } catch let error as PlaceError where error.isOfWholePlace {
                throw error
            } catch {
                found.fail("\(error)")
            }
        }
        report = found
        return used
    }

    private static func check(
        _ node: Node, of tree: ObjectID, _ index: BlobIndex, _ used: inout BlobSet, _ report: inout CheckReport
    ) {
        let name = { "tree \(tree.short), \(node.type.rawValue) \"\(String(decoding: node.name, as: UTF8.self))\"" }
        if node.name.isEmpty { report.fail("\(name()): it has no name") }
        if node.type == .directory, node.subtree == nil { report.fail("\(name()): its folder is not named") }
        if node.type == .file, node.content == nil { report.fail("\(name()): its parts are not named") }
        for part in node.parts where used.insert(part, of: index) == nil {
            report.fail("\(name()): \(BlobError.unknown(part))")
        }
    }

    private func readPacks(
        _ packs: [(id: ObjectID, length: Int)], _ contents: PackContents, _ report: inout CheckReport
    ) async throws {
        var generator = SystemRandomNumberGenerator()
        let chosen = subset.choose(from: packs, using: &generator)
        var found = report
        try await steps.step("Reading packs", total: chosen.count) { step in
            try await withThrowingTaskGroup(of: (ObjectID, flaws: [String], length: Int).self) { group in
                let check = PackCheck(repository: repository)
                let note = { (result: (ObjectID, flaws: [String], length: Int)?) in
                    guard let (pack, flaws, length) = result else { return }
                    for flaw in flaws { found.fail(pack: pack, flaw) }
                    found.packsRead += 1
                    found.bytesRead += Int64(length)
                    step.advance()
                }
                for (number, pack) in chosen.enumerated() {
                    if number >= Self.underway { note(try await group.next()) }
                    let expected = contents.blobs(of: pack.id)
                    group.addTask {
                        let (flaws, length) = try await check.flaws(of: pack.id, expected)
                        return (pack.id, flaws, length)
                    }
                }
                while let result = try await group.next() { note(result) }
            }
        }
        report = found
    }
}
