// SPDX-License-Identifier: Apache-2.0

import ResticFormat
import Synchronization
import TestSupport
import Testing

@testable import Backup

struct MountTests {
    private func entry(_ seconds: Int64, host: String, tags: [String] = []) -> SnapshotList.Entry {
        var snapshot = Snapshot(
            time: Timestamp(seconds: seconds, nanoseconds: 5), tree: ObjectID(hashing: []), paths: ["/"])
        (snapshot.hostname, snapshot.tags) = (host, tags)
        return SnapshotList.Entry(id: ObjectID(hashing: Array("\(seconds)\(host)\(tags)".utf8)), snapshot: snapshot)
    }

    /// Everything, with what it is.
    private func list(_ layout: MountLayout, at path: [[UInt8]] = []) -> [String] {
        guard case .folder(let entries)? = layout.entry(at: path) else { return [] }
        return entries.sorted { Tree.areInOrder($0.key, $1.key) }.flatMap { name, entry -> [String] in
            let here = PathText.text(path + [name])
            switch entry {
            case .folder: return [here + "/"] + list(layout, at: path + [name])
            case .snapshot: return [here]
            case .link(let target, _): return [here + " -> " + String(decoding: target, as: UTF8.self)]
            }
        }
    }

    @Test
    func snapshotsStandWhereResticPutsThem() {
        #expect(list(MountLayout([])) == ["/hosts/", "/ids/", "/snapshots/", "/tags/"])
        let snapshots = [
            entry(0, host: "a"), entry(0, host: "b", tags: ["x", "x"]), entry(60, host: "../..", tags: [".."]),
        ]
        let ids = snapshots.map { "/ids/\($0.id.short)" }.sorted()
        #expect(
            list(MountLayout(snapshots)) == [
                "/hosts/", "/hosts/.._../", "/hosts/.._../1970-01-01T00:01:00Z",
                "/hosts/.._../latest -> 1970-01-01T00:01:00Z", "/hosts/a/", "/hosts/a/1970-01-01T00:00:00Z",
                "/hosts/a/latest -> 1970-01-01T00:00:00Z", "/hosts/b/", "/hosts/b/1970-01-01T00:00:00Z",
                "/hosts/b/latest -> 1970-01-01T00:00:00Z", "/ids/",
            ] + ids + [
                "/snapshots/", "/snapshots/1970-01-01T00:00:00Z", "/snapshots/1970-01-01T00:00:00Z-1",
                "/snapshots/1970-01-01T00:01:00Z", "/snapshots/latest -> 1970-01-01T00:01:00Z", "/tags/", "/tags/__/",
                "/tags/__/1970-01-01T00:01:00Z", "/tags/__/latest -> 1970-01-01T00:01:00Z", "/tags/x/",
                "/tags/x/1970-01-01T00:00:00Z", "/tags/x/latest -> 1970-01-01T00:00:00Z",
            ])
    }

    @Test
    func whatWasUsedLastIsKeptWithinTheLimit() async throws {
        let kept = RecentlyUsed<Int, [Int]>(limit: 10) { $0.count }
        let made = Made()
        let ask: @Sendable (Int, Int) async throws -> Void = { key, count in
            _ = try await kept.value(key) {
                made.add(key)
                return Array(repeating: key, count: count)
            }
        }
        for key in [1, 2, 1, 3, 1, 2, 1] { try await ask(key, 4) }
        #expect(made.keys == [1, 2, 3, 2])
        // One that is larger than everything is kept alone.
        try await ask(4, 50)
        try await ask(4, 50)
        let size = await kept.size
        #expect(made.keys == [1, 2, 3, 2, 4] && size == 50)
        for round in 0..<5_000 { try await ask(round % 2 + 10, 4) }
        #expect(made.keys.count == 7)
    }

    @Test
    func whatSeveralAskForIsMadeOnceAndAFailureIsNotKept() async throws {
        let kept = RecentlyUsed<Int, Int>(limit: 10) { _ in 1 }
        let made = Made()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await kept.value(1) {
                        try await Task.sleep(for: .milliseconds(20))
                        made.add(1)
                        return made.keys.count
                    }
                }
            }
            for try await value in group { #expect(value == 1) }
        }
        await #expect(throws: MountError.number(5)) { try await kept.value(2) { throw MountError.number(5) } }
        let second = try await kept.value(2) { 7 }
        #expect(second == 7)
    }

    @Test
    func numbersLiveAsLongAsTheKernelKnowsThem() {
        let table = MountTable()
        let thing = MountTable.Thing(kind: .folder([[97]]), inode: 5, parentInode: 1)
        let number = table.enter(thing, [97], in: MountTable.root)
        #expect(table.enter(thing, [97], in: MountTable.root) == number)
        table.forget(number, 1)
        #expect(table.thing(number) != nil)
        table.forget(number, 1)
        #expect(table.thing(number) == nil && table.count == 0)
        #expect(table.enter(thing, [97], in: MountTable.root) != number)
        let other = MountTable.Thing(kind: .folder([[98]]), inode: 5, parentInode: 1)
        let second = table.enter(thing, [97], in: MountTable.root)
        #expect(table.enter(other, [97], in: MountTable.root) != second)
    }

    @Test
    func namesThatAreNoNamesAreNotShown() async throws {
        try await TreeFixture.with { fixture in
            let content = try await fixture.data("text")
            let inside = try await fixture.tree([])
            let tree = try await fixture.tree(
                [TreeFixture.directory("..", inside), TreeFixture.directory("a/b", inside)]
                    + [TreeFixture.file("good", [content, content], size: 8)])
            let entry = try await fixture.snapshot(tree)
            let complaints = Complaints()
            let reading = try await SnapshotReading.open(fixture.repository, complaints)
            let mounted = MountedRepository(MountedSnapshots(reading, SnapshotFilter(), complaints), ownerIsRoot: true)
            let (ids, _) = try await mounted.look(Array("ids".utf8), in: MountTable.root)
            let (snapshot, _) = try await mounted.look(Array(entry.id.short.utf8), in: ids)
            let handle = try await mounted.openFolder(snapshot)
            guard case .folder(let entries)? = mounted.handles.get(handle) else { throw MountError.number(0) }
            #expect(entries.map(\.name) == [[0x2E], [0x2E, 0x2E], Array("good".utf8)])
            for name in ["..", "a/b", "nothing"] {
                await #expect(throws: MountError.number(2)) {
                    _ = try await mounted.look(Array(name.utf8), in: snapshot)
                }
            }
            let (file, _) = try await mounted.look(Array("good".utf8), in: snapshot)
            let open = try await mounted.openFile(file)
            let bytes = try await mounted.read(open, at: 2, count: 5)
            let past = try await mounted.read(open, at: 8, count: 5)
            #expect(String(decoding: bytes, as: UTF8.self) == "xttex" && past == [])
        }
    }
}

/// What was made, in its order.
private final class Made: Sendable {
    private let state = Mutex<[Int]>([])

    func add(_ key: Int) {
        state.withLock { $0.append(key) }
    }

    var keys: [Int] { state.withLock { $0 } }
}
