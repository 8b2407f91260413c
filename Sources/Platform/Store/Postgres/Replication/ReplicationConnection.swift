// SPDX-License-Identifier: Apache-2.0

import CPostgres
import Glibc
import Kernel

/// A connection that speaks the replication protocol (PostgreSQL, "Streaming Replication Protocol"). Blocks, ends when the
/// task on which it blocks is cancelled, and is used by one thread at a time.
///
/// It is safe to use because the handle is private, is finished only in `deinit`, and never leaves this type.
@safe final class ReplicationConnection {
    private let handle: OpaquePointer
    private let notices = ServerNotices()
    private let role: String

    /// How often it looks whether its task is cancelled, in milliseconds.
    private static let glance: Int32 = 250

    /// Connects.
    ///
    /// - Parameter connection: a URI or a string of keywords and values (PostgreSQL, "Connection Strings").
    /// - Throws: a `Fault` that says what the server lacks.
    init(_ connection: String) throws(Fault) {
        do {
            unsafe handle = try connectToPostgres(connection, isReplication: true)
        } catch {
            let state = (error.cause as? PostgresError)?.state ?? ""
            throw ReplicationFault.connecting(state, role: postgresRole(in: connection)) ?? error
        }
        role = unsafe PQuser(handle).map { unsafe String(cString: $0) } ?? ""
        // SAFETY: the notices live as long as the handle does.
        unsafe PQsetNoticeReceiver(
            handle, { box, result in unsafe ServerNotices.receive(box, result) },
            Unmanaged.passUnretained(notices).toOpaque())
    }

    deinit {
        unsafe PQfinish(handle)
    }

    /// The version of the server, as a number: 15.18 is 150018.
    var version: Int { Int(unsafe PQserverVersion(handle)) }

    /// A setting that the server told when it was connected to.
    func parameter(_ name: String) -> String {
        unsafe PQparameterStatus(handle, name).map { unsafe String(cString: $0) } ?? ""
    }

    /// Files in which the server found a wrong page, as it told since the connection began.
    var damagedFiles: [String] { notices.files }

    /// The rows that a command answers, as text.
    func rows(_ command: String) throws(Fault) -> [[String?]] {
        try send(command)
        var rows: [[String?]] = []
        while let result = try next() { rows += result.texts() }
        return rows
    }

    /// Sends a command whose answers ``next()`` gives.
    func send(_ command: String) throws(Fault) {
        guard unsafe PQsendQuery(handle, command) == 1 else { throw ReplicationFault.lost }
    }

    /// The next answer to a command; nil at the end.
    ///
    /// - Throws: the failure that the server reports.
    func next() throws(Fault) -> PostgresResult? {
        while unsafe PQisBusy(handle) == 1 { try receive() }
        guard let pointer = unsafe PQgetResult(handle) else { return nil }
        let result = unsafe PostgresResult(taking: pointer)
        guard let error = result.error else { return result }
        throw unsafe PQstatus(handle) == CONNECTION_OK
            ? ReplicationFault.answered(error, role: role) : ReplicationFault.lost
    }

    /// What the server sends next while it copies; nil at the end of the copy.
    func copied() throws(Fault) -> [UInt8]? {
        while true {
            var start: UnsafeMutablePointer<CChar>?
            let count = unsafe PQgetCopyData(handle, &start, 1)
            if count > 0, let start = unsafe start {
                defer { unsafe PQfreemem(start) }
                // SAFETY: libpq gave that many bytes, which are freed after they were copied.
                return unsafe Array(UnsafeRawBufferPointer(start: start, count: Int(count)))
            }
            switch count {
            case 0: try receive()
            case -1: return nil
            default: throw ReplicationFault.lost
            }
        }
    }

    /// Waits until the server sends something.
    private func receive() throws(Fault) {
        while true {
            if Task.isCancelled { throw Fault(.unavailable, "The backup was ended.", cause: CancellationError()) }
            var socket = unsafe pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
            let ready = unsafe poll(&socket, 1, Self.glance)
            if ready > 0 { break }
            if ready < 0, errno != EINTR { throw ReplicationFault.lost }
        }
        guard unsafe PQconsumeInput(handle) == 1 else { throw ReplicationFault.lost }
    }
}

/// What a server says beside its answers. Of that only names of damaged files are kept.
///
/// INVARIANT: libpq calls while one of its functions runs, so on the thread that uses the connection.
private final class ServerNotices {
    private(set) var files: [String] = []

    /// More are not kept.
    private static let most = 1_000

    static func receive(_ box: UnsafeMutableRawPointer?, _ result: OpaquePointer?) {
        // SAFETY: the box is the object that was given with this function; the result lives until this returns.
        guard let box = unsafe box, let text = unsafe PQresultErrorField(result, Int32(UInt8(ascii: "M"))) else {
            return
        }
        let notices = unsafe Unmanaged<ServerNotices>.fromOpaque(box).takeUnretainedValue()
        guard let file = unsafe fileOfCluster(in: String(cString: text)), !notices.files.contains(file),
            notices.files.count < most
        else { return }
        notices.files.append(file)
    }
}

/// The file of a cluster that a message names, in whatever language it is: `base/5/16384`.
func fileOfCluster(in message: String) -> String? {
    let words = message.utf8.split { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "/"):
            false
        default: true
        }
    }
    for word in words {
        let name = String(decoding: Array(word), as: UTF8.self)
        let path = name.hasPrefix("./") ? String(name.dropFirst(2)) : name
        let names = path.utf8.split(separator: UInt8(ascii: "/"))
        guard names.count > 1, let digit = names[1].first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit),
            ["base", "global", "pg_tblspc"].contains(where: { names[0].elementsEqual($0.utf8) })
        else { continue }
        return path
    }
    return nil
}
