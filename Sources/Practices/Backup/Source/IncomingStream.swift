// SPDX-License-Identifier: Apache-2.0

import Building
import Foundation
import Glibc
import Kernel

/// Bytes from standard input, or from a program that ends with this.
struct IncomingStream: ~Copyable {
    private let program: ChildProcess?
    private let name: String
    private var hearsComplaints = true
    private var isReaped = false

    private static let most = 1 << 20
    /// So long nothing is asked but whether the work is to end.
    private static let pause = Duration.seconds(1)
    /// A program that has written all may take so long to end.
    private static let ending = Duration.seconds(600)

    /// - Throws: `Fault` when the program cannot be started.
    init(_ input: StreamSource.Input) throws(Fault) {
        guard case .command(let words) = input, let first = words.first else {
            (program, name) = (nil, "")
            return
        }
        name = TerminalText.harmless(first)
        // The passwords of PostgreSQL are for programs like pg_dump; what opens the repository is nobody's.
        let more = ProcessInfo.processInfo.environment.filter { $0.key.hasPrefix("PGPASS") }
        do {
            program = try ChildProcess(words, environment: more)
        } catch {
            throw Fault(.unavailable, "The program \(name) cannot be started.")
        }
        program?.endInput()
    }

    deinit {
        if !isReaped { _ = program?.reap(within: .zero) }
    }

    /// What comes next; nil at the end.
    ///
    /// - Throws: `SystemError`; `CancellationError` when the work is to end.
    mutating func next() throws -> [UInt8]? {
        while true {
            try Task.checkCancellation()
            guard let program else {
                if let bytes = try Self.standardInput() { return bytes.isEmpty ? nil : bytes }
                continue
            }
            switch program.next(within: Self.pause, hearsComplaints: hearsComplaints) {
            case .output(let bytes): return bytes
            case .complaint(let bytes):
                hearsComplaints = !bytes.isEmpty
                try? FileHandle.standardError.write(contentsOf: bytes)
            case .silence: continue
            case .end: return nil
            }
        }
    }

    /// What came on standard input: nothing at its end, nil where nothing came yet.
    private static func standardInput() throws(SystemError) -> [UInt8]? {
        var file = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
        guard Descriptor.again({ unsafe poll(&file, 1, 1_000) }) > 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: most)
        let count = unsafe bytes.withUnsafeMutableBytes { buffer in
            Descriptor.again { unsafe Glibc.read(0, buffer.baseAddress, buffer.count) }
        }
        guard count >= 0 else { throw SystemError("read", Array("standard input".utf8)) }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    /// Waits for the program's end.
    ///
    /// - Throws: `Fault` when it says that it failed.
    mutating func finish() throws(Fault) {
        guard let program else { return }
        isReaped = true
        let status = program.reap(within: Self.ending)
        guard status == 0 else {
            let how = status > 0 ? "exit status \(status)" : "signal \(-status)"
            throw Fault(.unavailable, "The program \(name) failed (\(how)), so there is no snapshot.")
        }
    }
}
