// SPDX-License-Identifier: Apache-2.0

import Foundation
import ResticFormat
import Synchronization
import TestSupport
import Testing

@testable import Backup

/// What happens when the program that leads to a server stops, dies or is none.
@Suite(
    .serialized,
    .enabled(
        if: PlaceServers.needs(PlaceServers.sftpServer), "openssh-sftp-server is missing"))
struct SFTPChannelTests {
    /// A server that writes its number down.
    private func command(_ folder: String) -> [String] {
        ["/bin/sh", "-c", "echo $$ >> \(folder)/pids; exec \(PlaceServers.sftpServer)"]
    }

    private func pids(_ folder: String) throws -> [Int32] {
        try String(contentsOfFile: folder + "/pids", encoding: .utf8).split(separator: "\n").compactMap { Int32($0) }
    }

    /// Waits until a process is gone, not even waited for.
    private func isGone(_ pid: Int32) async throws -> Bool {
        for _ in 0..<1_000 {
            if kill(pid, 0) != 0 { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    @Test
    func theProgramEndsWithItsPlace() async throws {
        try await TemporaryFolder.with { folder in
            do {
                let place = SFTPPlace(
                    "p", folder: folder + "/r", .init(command: command(folder), notice: PlaceServers.say))
                try await place.prepare()
            }
            let pid = try #require(try pids(folder).first)
            let isGone = try await isGone(pid)
            #expect(isGone)
        }
    }

    @Test
    func aServerThatStopsIsGivenUp() async throws {
        try await TemporaryFolder.with { folder in
            var setup = SFTPChannel.Setup(command: command(folder), notice: PlaceServers.say)
            setup.silence = .seconds(1)
            let place = SFTPPlace("p", folder: folder + "/r", setup)
            try await place.prepare()
            let pid = try #require(try pids(folder).first)
            kill(pid, SIGSTOP)
            let start = ContinuousClock.now
            await #expect(throws: PlaceError.unreachable("the server did not answer for 1 seconds")) {
                _ = try await place.list(.data)
            }
            #expect(ContinuousClock.now - start < .seconds(300))
            let isGone = try await isGone(pid)
            #expect(isGone)
            // The next request opens a connection of its own.
            let found = try await place.list(.data)
            #expect(try found.isEmpty && pids(folder).count == 2)
        }
    }

    @Test
    func aServerThatDiesInTheMiddleIsReachedAnew() async throws {
        try await TemporaryFolder.with { folder in
            let inner = SFTPPlace("p", folder: folder + "/r", .init(command: command(folder), notice: PlaceServers.say))
            let notices = Atomic(0)
            let place = RetryingPlace(inner, Backoff(first: .milliseconds(10))) { _ in
                notices.add(1, ordering: .relaxed)
            }
            try await place.prepare()
            let content = Array(repeating: UInt8(3), count: 4 << 20)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 as Range<UInt8> {
                    let bytes = content + [number]
                    group.addTask { try await place.write(RepositoryFile(.data, ObjectID(hashing: bytes)), bytes) }
                }
                group.addTask {
                    try await Task.sleep(for: .milliseconds(30))
                    for pid in try pids(folder) { kill(pid, SIGKILL) }
                }
                try await group.waitForAll()
            }
            let found = try await place.list(.data)
            #expect(found.count == 20 && found.allSatisfy { $0.length == content.count + 1 })
            #expect(try pids(folder).count > 1 && notices.load(ordering: .relaxed) > 0)
        }
    }

    @Test
    func aProgramThatIsNoneIsSaid() async throws {
        let place = SFTPPlace("p", folder: "/r", .init(command: ["/nowhere/ssh"], notice: PlaceServers.say))
        await #expect(throws: PlaceError.system(SystemError(ENOENT, "start", Array("/nowhere/ssh".utf8)))) {
            _ = try await place.list(.keys)
        }
    }

    @Test
    func whatAProgramComplainsOfIsSaid() async throws {
        let said = Mutex<[String]>([])
        let script = "echo 'me@host: Permission denied (publickey).' >&2; exit 255"
        let place = SFTPPlace(
            "p", folder: "/r", .init(command: ["/bin/sh", "-c", script]) { line in said.withLock { $0.append(line) } })
        let refusal = PlaceRefusal(act: "sign in with /bin/sh", reason: "Permission denied")
        await #expect(throws: PlaceError.refused(refusal)) { _ = try await place.list(.keys) }
        #expect(said.withLock { $0 } == ["me@host: Permission denied (publickey)."])
        let quiet = SFTPPlace("p", folder: "/r", .init(command: ["/bin/false"], notice: PlaceServers.say))
        await #expect(throws: PlaceError.unreachable("/bin/false ended with status 1")) {
            _ = try await quiet.list(.keys)
        }
    }

    @Test(arguments: ["hello, this is no server\n", "\\0\\0\\0\\5\\2\\0\\0\\0\\4", "\\0\\0\\0\\5\\2\\0\\0\\0"])
    func whatIsNoServerIsSaid(answer: String) async throws {
        let place = SFTPPlace(
            "p", folder: "/r", .init(command: ["/bin/sh", "-c", "printf '\(answer)'"], notice: PlaceServers.say))
        await #expect(throws: PlaceError.self) { _ = try await place.list(.keys) }
    }

    @Test
    func secretsDoNotReachTheProgram() async throws {
        unsafe setenv("RESTIC_SECRET_OF_TEST", "x", 1)
        unsafe setenv("HARMLESS_OF_TEST", "y", 1)
        let said = Mutex<[String]>([])
        let place = SFTPPlace(
            "p", folder: "/r",
            .init(command: ["/bin/sh", "-c", "env >&2"]) { line in said.withLock { $0.append(line) } })
        _ = try? await place.list(.keys)
        let lines = said.withLock { $0 }
        #expect(lines.contains("HARMLESS_OF_TEST=y") && !lines.contains { $0.hasPrefix("RESTIC_") })
    }
}
