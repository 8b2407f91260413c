// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import Foundation

/// The peer: SQLite itself, in C, in a process of its own on the same file system.
struct PlainSQLite {
    private let program: String
    private let file: String

    /// Compiles `peer.c` into `folder`, against the libsqlite3 that the store uses too.
    init(folder: String) throws {
        program = "\(folder)/peer"
        file = "\(folder)/plain.db"
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/peer.c"
        _ = try Command.run("cc", ["-std=gnu17", "-O2", "-Wall", "-o", program, source, "-lsqlite3"])
    }

    /// Commits rows for some seconds.
    func run(seconds: Double) async throws -> Throughput {
        let (program, file) = (program, file)
        let words = try await Task.detached {
            try Command.run(program, [file, "\(seconds)"]).split(whereSeparator: \.isWhitespace)
        }.value
        guard words.count == 6, let count = Double(words[0]), let elapsed = Double(words[1]),
            let p50 = Double(words[2]), let p99 = Double(words[3])
        else { throw BenchmarkError("the peer printed `\(words.joined(separator: " "))`") }
        guard words[4] == "2" else { throw BenchmarkError("the peer does not run at synchronous=FULL") }
        return Throughput(
            rate: count / elapsed, p50: .microseconds(p50), p99: .microseconds(p99), version: String(words[5]))
    }
}

/// How many acts a second, and how long each waited for its acknowledgement.
struct Throughput {
    let rate: Double
    let p50: Duration
    let p99: Duration
    /// Of the peer: the version of SQLite.
    var version = ""
    /// Of ours: acts a second until the last of them had its place under a checkpoint.
    var sequenced = Double.nan
}
