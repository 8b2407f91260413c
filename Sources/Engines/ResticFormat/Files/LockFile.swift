// SPDX-License-Identifier: Apache-2.0

/// Who works in a repository (restic design, "Locks"). Many may share it; whoever deletes is alone.
public struct LockFile: Equatable, Sendable {
    /// When it was made or made anew.
    public var time: Timestamp
    /// Whether nobody else may work there.
    public let isExclusive: Bool
    /// The machine of its owner.
    public let hostname: String
    /// Who runs its owner.
    public let username: String
    /// The number of its owner on that machine.
    public let process: Int
    /// The number of that user.
    public let uid: UInt32
    /// The number of that user's group.
    public let gid: UInt32

    /// After how many seconds without a refresh a lock counts no more.
    public static let staleAfter: Int64 = 30 * 60
    /// How often a lock is made anew, in seconds.
    public static let refreshedEvery: Int64 = 5 * 60
    /// After how many seconds without a successful refresh its owner stops writing: before others may think it dead,
    /// with room for clocks that differ.
    public static let abandonedAfter: Int64 = 30 * 60 - 450

    /// A lock of one process.
    public init(
        time: Timestamp, isExclusive: Bool, hostname: String, username: String, process: Int, uid: UInt32, gid: UInt32
    ) {
        (self.time, self.isExclusive, self.hostname, self.username) = (time, isExclusive, hostname, username)
        (self.process, self.uid, self.gid) = (process, uid, gid)
    }

    /// Whether somebody who wants the repository (alone, if `exclusive`) has to wait for this lock.
    public func hinders(exclusive: Bool) -> Bool {
        isExclusive || exclusive
    }

    /// Whether its owner is gone: not refreshed for half an hour, or a process of this machine that runs no more.
    ///
    /// - Parameter isRunning: whether a process of the machine called `host` runs.
    public func isStale(at now: Timestamp, on host: String, isRunning: (Int) -> Bool) -> Bool {
        if now.seconds.subtractingReportingOverflow(time.seconds).partialValue > Self.staleAfter { return true }
        return hostname.utf8.elementsEqual(host.utf8) && !isRunning(process)
    }

    /// The content of its file.
    public func json() -> [UInt8] {
        var object = GoJSONObject()
        object.add("time", time)
        object.add("exclusive", isExclusive)
        object.add("hostname", hostname)
        object.add("username", username)
        object.add("pid", process)
        object.addUnlessZero("uid", uid)
        object.addUnlessZero("gid", gid)
        return object.finish()
    }

    /// - Throws: `malformed`.
    public static func parse(_ json: [UInt8]) throws(FormatError) -> LockFile {
        let reader = try FileReader(json, part: .lock)
        guard let time = try reader.time("time") else { throw reader.wrong("time") }
        return LockFile(
            time: time, isExclusive: try reader.bool("exclusive") ?? false,
            hostname: try reader.text("hostname") ?? "", username: try reader.text("username") ?? "",
            process: try reader.number("pid", as: Int.self) ?? 0, uid: try reader.number("uid", as: UInt32.self) ?? 0,
            gid: try reader.number("gid", as: UInt32.self) ?? 0)
    }
}
