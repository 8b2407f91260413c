// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// `salus up` as a process of its own.
package struct Served {
    /// Where it listens on this machine.
    package let port: Int
    private let process: Process

    /// Starts it and waits for the first 200 of `/healthz` over TLS.
    ///
    /// - Returns: the process, and how long that took from before the start to after the answer, with what curl
    ///   itself needs.
    package static func start(data: String, keyFile: String, _ more: [String] = []) throws -> (Served, Duration) {
        let port = Int(try freePort())
        let begin = ContinuousClock.now
        let (process, _) = try Command.start(
            Workshop.program, ["up", "--data", data, "--key-file", keyFile, "--listen", "127.0.0.1:\(port)"] + more)
        let served = Served(port: port, process: process)
        let deadline = begin.advanced(by: .seconds(120))
        while !isListening(port) {
            guard process.isRunning, ContinuousClock.now < deadline else {
                throw BenchmarkError("`salus up` did not come up")
            }
            usleep(1_000)
        }
        try served.checkHealth()
        return (served, ContinuousClock.now - begin)
    }

    /// Makes the demonstration clinic with its year, and stops it again. Care teams are off there afterwards: those whom
    /// ``StoredSessions`` adds are on none.
    ///
    /// - Returns: how long it took from the start to the first answer.
    package static func makeDemonstration(data: String, keyFile: String) throws -> Duration {
        let (demo, duration) = try start(data: data, keyFile: keyFile, ["--demo"])
        try demo.stop()
        _ = try Command.run(Workshop.program, ["access", "care-teams", "off", "--data", data, "--key-file", keyFile])
        return duration
    }

    /// Asks once with curl, a process of its own with a new connection.
    package func checkHealth() throws {
        let status = try Command.run(
            "curl", ["-sk", "-o", "/dev/null", "-w", "%{http_code}", "https://127.0.0.1:\(port)/healthz"])
        guard status == "200" else { throw BenchmarkError("/healthz answered \(status)") }
    }

    /// Stops it as an operator would.
    package func stop() throws {
        process.terminate()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BenchmarkError("`salus up` ended with status \(process.terminationStatus)")
        }
    }

    /// Its resident memory in bytes, now and at most so far (proc(5)).
    package func residentMemory() throws -> (now: Double, peak: Double) {
        let status = try String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
        func kibibytes(_ name: String) -> Double {
            let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
            return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) } ?? .nan
        }
        return (kibibytes("VmRSS:") * 1_024, kibibytes("VmHWM:") * 1_024)
    }

    private static func isListening(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = UInt16(port).bigEndian
        // The call sees a whole sockaddr_in and its size.
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general in
                unsafe connect(descriptor, general, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
