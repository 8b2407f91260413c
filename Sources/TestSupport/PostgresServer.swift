// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Synchronization

/// A real PostgreSQL server for the tests of this process: started when first asked for, gone with the process.
///
/// It listens on a private socket and on a free port of 127.0.0.1, asks for a password (SCRAM), sorts by the
/// rules of English (so that a forgotten `COLLATE "C"` shows), and does not sync.
package final class PostgresServer: Sendable {
    /// The folder with its data and its socket.
    package let folder: String
    /// Its TCP port on 127.0.0.1.
    package let port: UInt16
    /// The only role, a superuser.
    package let role = "salus"
    /// The role's password.
    package let password = "correct-horse"
    private let programs: String
    private let lifeline: Pipe
    private let databases = Mutex(0)

    private static let state = Mutex<Result<PostgresServer, any Error>?>(nil)

    /// The server of this process; nil, after one loud line, where PostgreSQL is not installed. With `CI=true` that
    /// is an error.
    package static func shared() throws -> PostgresServer? {
        guard let programs = installedPrograms else {
            if ProcessInfo.processInfo.environment["CI"] == "true" { throw TestSupportError("PostgreSQL is missing") }
            print("SKIPPED: PostgreSQL 15 or newer is not installed (apt-get install postgresql)")
            return nil
        }
        return try state.withLock { state in
            if let started = state { return try started.get() }
            let started = Result { try PostgresServer(programs) }
            state = started
            return try started.get()
        }
    }

    /// A server that nobody else uses, for a test that harms it; nil as in `shared`.
    ///
    /// - Parameter disk: megabytes of a disk of its own for the data but not for WAL, which needs root; nil for the
    ///   disk of everybody.
    /// - Parameter checksums: whether its pages have checksums.
    package static func own(disk: Int? = nil, checksums: Bool = false) throws -> PostgresServer? {
        guard try shared() != nil, let programs = installedPrograms else { return nil }
        return try PostgresServer(programs, disk: disk, checksums: checksums)
    }

    private static var installedPrograms: String? {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return versions.compactMap(Int.init).filter { $0 >= 15 }.max().map { "\(root)/\($0)/bin" }
    }

    private init(_ programs: String, disk: Int? = nil, checksums: Bool = false) throws {
        self.programs = programs
        // The server's user has to get through to it.
        folder = try TemporaryFolder.make(mode: 0o755)
        port = try freePort()
        lifeline = Pipe()
        try password.write(toFile: folder + "/password", atomically: false, encoding: .utf8)
        for name in ["disk", "wal"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: false)
        }
        if geteuid() == 0 { try run("/bin/chown", ["-R", "postgres:", folder]) }
        if let disk {
            try start(onDiskOf: disk)
        } else {
            try run(initialising[0], initialising.dropFirst() + (checksums ? ["--data-checksums"] : []))
            try start(serving)
        }
        try awaitAnswer()
    }

    private var initialising: [String] {
        asServer + [
            "\(programs)/initdb", "--no-sync", "--username=\(role)", "--pwfile=\(folder)/password",
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu",
            "--icu-locale=en-US", "--pgdata=\(folder)/disk/data", "--waldir=\(folder)/wal/data",
        ]
    }

    private var serving: [String] {
        asServer + [
            "\(programs)/postgres", "-D", "\(folder)/disk/data", "-k", folder, "-h", "127.0.0.1", "-p", "\(port)",
            "-c", "fsync=off", "-c", "max_connections=300", "-c", "shared_buffers=64MB",
            // A checkpoint on a disk without a single free page stops PostgreSQL, and no client can help that.
            "-c", "checkpoint_timeout=1d",
        ]
    }

    /// How to run a program as a user whom PostgreSQL accepts: it refuses root.
    private var asServer: [String] {
        geteuid() == 0
            ? ["/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"]
            : ["/usr/bin/env", "--"]
    }

    /// Starts the server beside a guard that stops it and removes the folder when this process ends, however it
    /// ends: the guard reads from a pipe whose other end only this process holds.
    private func start(_ command: [String]) throws {
        let script = """
            "$@" > '\(folder)/log' 2>&1 < /dev/null &
            cat > /dev/null
            kill -QUIT $! && wait $!
            rm -rf '\(folder)'
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", script, "guard"] + command
        process.standardInput = lifeline.fileHandleForReading
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        _ = fcntl(lifeline.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        try process.run()
    }

    /// Makes and starts the server where only it sees the small disk that its data lies on.
    private func start(onDiskOf megabytes: Int) throws {
        let script = """
            mount -t tmpfs -o size=\(megabytes)m none '\(folder)/disk' && chown postgres: '\(folder)/disk' || exit
            words=$1; shift
            $words && exec "$@"
            """
        let initialise = initialising.joined(separator: " ")
        try start(["/usr/bin/unshare", "--mount", "/bin/sh", "-c", script, "disk", initialise] + serving)
    }

    /// Fills the disk with a file among the server's own until nothing goes on it.
    package func fillDisk() throws {
        try run("COPY (SELECT 1) TO PROGRAM 'cat > /dev/null; cat /dev/zero > filler; true'", on: "postgres")
    }

    /// Removes the file that ``fillDisk()`` made.
    package func clearDisk() throws {
        try run("COPY (SELECT 1) TO PROGRAM 'cat > /dev/null; rm filler'", on: "postgres")
    }

    private func awaitAnswer() throws {
        for _ in 0..<200 {
            if (try? run("\(programs)/pg_isready", ["-q", "-h", folder, "-p", "\(port)"])) != nil { return }
            usleep(50_000)
        }
        let log = try? String(contentsOfFile: folder + "/log", encoding: .utf8)
        throw TestSupportError("PostgreSQL did not start: \(log ?? "no log")")
    }

    /// Makes an empty database and returns its name.
    package func makeDatabase() throws -> String {
        let number = databases.withLock { count in
            count += 1
            return count
        }
        let name = "test_\(number)"
        try run("\(programs)/createdb", ["-h", folder, "-p", "\(port)", "-U", role, name])
        return name
    }

    /// The URL of the database called `name`, over TCP.
    package func url(_ name: String, role: String? = nil, password: String? = nil) -> String {
        "postgresql://\(role ?? self.role):\(password ?? self.password)@127.0.0.1:\(port)/\(name)"
    }

    /// The URL of the database called `name`, over the private socket.
    package func socketURL(_ name: String) -> String {
        "postgresql:///\(name)?host=\(folder)&port=\(port)&user=\(role)&password=\(password)"
    }

    /// Runs statements on the database called `name` behind the store's back.
    package func run(_ sql: String, on name: String) throws {
        try run("\(programs)/psql", ["-q", "-h", folder, "-p", "\(port)", "-U", role, "-d", name, "-c", sql])
    }

    /// What a query on the database called `name` says, a line for each row, columns separated by `|`.
    package func query(_ sql: String, on name: String) throws -> String {
        let connection = ["-q", "-h", folder, "-p", "\(port)", "-U", role, "-d", name]
        return String(decoding: try run("\(programs)/psql", connection + ["-A", "-t", "-c", sql]), as: UTF8.self)
    }

    /// Everything in the database called `name`, as `pg_dump` writes it.
    package func dump(_ name: String) throws -> [UInt8] {
        Array(try run("\(programs)/pg_dump", ["-h", folder, "-p", "\(port)", "-U", role, name]))
    }

    @discardableResult
    private func run(_ program: String, _ arguments: [String]) throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ["PGPASSWORD": password, "PATH": "/usr/bin:/bin", "LC_ALL": "C"]
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw TestSupportError("\(program) failed: \(String(decoding: said, as: UTF8.self))")
        }
        return said
    }
}

/// Why a fixture could not be made.
package struct TestSupportError: Error, CustomStringConvertible {
    package let description: String

    /// A failure with these words.
    package init(_ description: String) {
        self.description = description
    }
}

/// A TCP port of 127.0.0.1 on which nobody listens.
package func freePort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw TestSupportError("no socket") }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    // Both calls see a whole sockaddr_in and its size.
    let failed = unsafe withUnsafeMutablePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general in
            unsafe bind(descriptor, general, size) != 0 || getsockname(descriptor, general, &size) != 0
        }
    }
    if failed { throw TestSupportError("no free port") }
    return UInt16(bigEndian: address.sin_port)
}
