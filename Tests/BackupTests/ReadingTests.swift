// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import ResticFormat
import TestSupport
import Testing

@testable import Backup

struct ReadingTests {
    @Test(arguments: [
        ("2026-11-30", "2026-11-30T00:00:00"), ("30.11.2026", "2026-11-30T00:00:00"),
        ("2026-02-28 07:15", "2026-02-28T07:15:00"), ("28.02.2026 07:15:42", "2026-02-28T07:15:42"),
    ])
    func timesAreThoseOfThisMachine(text: String, clock: String) throws {
        let moment = try #require(LocalMoment.parse(text))
        #expect(moment.text.hasPrefix(clock))
        #expect(moment.offset == LocalClock.offset(at: Int(moment.seconds)))
    }

    @Test(arguments: [("2026-11-30 07:15:42 +0100", 1_796_019_342), ("30.11.2026 07:15:42 UTC", 1_796_022_942)])
    func timesWithAnOffsetAreExact(text: String, seconds: Int64) {
        #expect(LocalMoment.parse(text)?.seconds == seconds)
    }

    @Test(arguments: [
        "", "yesterday", "2026-02-30", "2026-11-30 ", "2026-11-30 24:00", "2026-11-30 07:60", "2026-11-30T07:15",
        "2026-11-30 07:15:42 CET", "2026-11-30 07:15:42 +01:00", "2026-11-30 07:15 +0100", "30.11.26",
    ])
    func otherTextsAreNoTimes(text: String) {
        #expect(LocalMoment.parse(text) == nil)
    }

    @Test
    func filtersChooseAsResticDoes() {
        var snapshot = Snapshot(time: Timestamp(seconds: 0), tree: ObjectID(hashing: []), paths: ["/a", "/b"])
        (snapshot.hostname, snapshot.tags) = ("one", ["x", "y"])
        let chosen: [SnapshotFilter] = [
            .init(), .init(hosts: ["two", "one"]), .init(tags: [["z"], ["x", "y"]]), .init(paths: ["/b"]),
            .init(hosts: ["one"], tags: [["y"]], paths: ["/a", "/b"]),
        ]
        let others: [SnapshotFilter] = [
            .init(hosts: ["On"]), .init(tags: [["x", "z"]]), .init(tags: [[""]]), .init(paths: ["/a", "/c"]),
        ]
        #expect(chosen.allSatisfy { $0.selects(snapshot) })
        #expect(!others.contains { $0.selects(snapshot) })
        snapshot.tags = []
        #expect(SnapshotFilter(tags: [["", "x"]]).selects(snapshot))
        #expect(!SnapshotFilter(tags: [["x", ""]]).selects(snapshot))
    }

    @Test
    func whoReadsWaitsForNobodyButThoseWhoDelete() async throws {
        try await TreeFixture.with { fixture in
            let tree = try await fixture.tree([])
            try await fixture.snapshot(tree)
            let password = fixture.folder + "/password"
            try Data("p".utf8).write(to: URL(fileURLWithPath: password))
            let arguments = ["--repo", fixture.folder + "/repository", "--password-file", password]
            let options = try ReadingOptions.parse(arguments)
            let unlocked = try ReadingOptions.parse(arguments + ["--no-lock"])
            let read: @Sendable (ReadingOptions) async -> Int32 = { options in
                do {
                    try await options.read { reading, _ in _ = try reading.snapshots.choose("latest") }
                    return 0
                } catch {
                    return (error as? ExitCode)?.rawValue ?? -1
                }
            }
            var lock = RepositoryLock(repository: fixture.repository, who: .current, isExclusive: false)
            lock.settling = .milliseconds(1)
            let beside = try await lock.hold { await read(options) }
            #expect(beside == 0)
            lock = RepositoryLock(repository: fixture.repository, who: .current, isExclusive: true)
            lock.settling = .milliseconds(1)
            let (refused, allowed) = try await lock.hold { (await read(options), await read(unlocked)) }
            #expect(refused == 11 && allowed == 0)
        }
    }
}
