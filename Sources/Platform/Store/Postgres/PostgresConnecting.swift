// SPDX-License-Identifier: Apache-2.0

import CPostgres
import Glibc
import Kernel

/// Seconds that one host may take to answer before the next one in the URL is tried.
private let patience: Int64 = 5

/// Connects to the server of `url` and returns libpq's handle, which the caller finishes. Blocks.
///
/// - Parameter isReplication: whether the server itself is talked to, and not one of its databases.
/// - Throws: A `Fault` that quotes nothing of the URL.
func connectToPostgres(_ url: String, isReplication: Bool = false) throws(Fault) -> OpaquePointer {
    let hosts = try countHosts(url)
    guard let handle = unsafe startConnecting(url, isReplication) else {
        throw Fault(.unavailable, "no memory left to connect to the database server")
    }
    // SQLSTATE in place of a text: the text depends on the server's language and quotes names.
    unsafe PQsetErrorVerbosity(handle, PQERRORS_SQLSTATE)
    unsafe PQsetNoticeReceiver(handle, { _, _ in }, nil)
    let deadline = ContinuousClock.now.advanced(by: .seconds(patience * hosts + 1))
    guard unsafe awaitConnection(handle, deadline) else {
        let said = unsafe String(cString: PQerrorMessage(handle))
        unsafe PQfinish(handle)
        throw PostgresError(state: sqlState(endOf: said), message: "").connectingFault
    }
    unsafe PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
    return unsafe handle
}

/// How many hosts `url` names.
private func countHosts(_ url: String) throws(Fault) -> Int64 {
    guard !url.utf8.contains(0), let options = unsafe PQconninfoParse(url, nil) else {
        throw Fault(
            .invalidInput, "the database URL cannot be read; it looks like postgresql://role:password@host:5432/name")
    }
    defer { unsafe PQconninfoFree(options) }
    var hosts: Int64 = 1
    var option = unsafe options
    // The array ends with an entry without keyword.
    while let keyword = unsafe option.pointee.keyword {
        if unsafe strcmp(keyword, "host") == 0, let value = unsafe option.pointee.val {
            hosts += unsafe Int64(String(cString: value).utf8.count { $0 == UInt8(ascii: ",") })
        }
        unsafe option += 1
    }
    return hosts
}

/// Begins to connect. What stands before `dbname` can be changed by the URL, what stands behind it cannot.
private func startConnecting(_ url: String, _ isReplication: Bool) -> OpaquePointer? {
    var parameters = [
        ("application_name", "salus"), ("tcp_user_timeout", "\(patience * 1_000)"), ("keepalives_idle", "15"),
        ("keepalives_interval", "5"), ("keepalives_count", "3"), ("dbname", url), ("client_encoding", "UTF8"),
    ]
    if isReplication { parameters.append(("replication", "true")) }
    let keywords = unsafe parameters.map { unsafe strdup($0.0) }
    let values = unsafe parameters.map { unsafe strdup($0.1) }
    defer {
        // No loop: the formatter joins `for unsafe copy` into one word.
        _ = unsafe (keywords + values).map { unsafe free($0) }
    }
    let constantKeywords = unsafe keywords.map { unsafe UnsafePointer($0) } + [nil]
    let constantValues = unsafe values.map { unsafe UnsafePointer($0) } + [nil]
    return unsafe PQconnectStartParams(constantKeywords, constantValues, 1)
}

/// Waits until `handle` is connected; false when it failed or `deadline` passed.
private func awaitConnection(_ handle: OpaquePointer, _ deadline: ContinuousClock.Instant) -> Bool {
    var state = PGRES_POLLING_WRITING
    while unsafe PQstatus(handle) != CONNECTION_BAD {
        if state == PGRES_POLLING_OK { return true }
        if state == PGRES_POLLING_FAILED { return false }
        let left = ContinuousClock.now.duration(to: deadline).wholeMicroseconds / 1_000
        let events = Int16(state == PGRES_POLLING_READING ? POLLIN : POLLOUT)
        var descriptor = unsafe pollfd(fd: PQsocket(handle), events: events, revents: 0)
        if left <= 0 { return false }
        let ready = unsafe poll(&descriptor, 1, Int32(clamping: left))
        if ready < 0, errno != EINTR { return false }
        if ready > 0 { state = unsafe PQconnectPoll(handle) }
    }
    return false
}

/// The SQLSTATE with which libpq's message ends; empty when the server never answered.
private func sqlState(endOf message: String) -> String {
    let last = message.utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }.last.map(Array.init) ?? []
    let isState = last.count == 5 && last.allSatisfy(isUpperCaseOrDigit)
    return isState ? String(decoding: last, as: UTF8.self) : ""
}

private func isUpperCaseOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    default: false
    }
}
