// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import Foundation

/// The peer: Cedar's own engine in Rust, in a Python process that says how long the engine took.
struct Peer {
    /// Of cedarpy, the same as that of the engine but for the last part.
    let version: String
    private let python: String

    /// Uses `SALUS_BENCH_PYTHON`, else installs the peer into `folder`.
    init(folder: String) throws {
        if let named = Workshop.environment["SALUS_BENCH_PYTHON"] {
            python = named
        } else {
            python = "\(folder)/peer/bin/python"
            _ = try Command.run("python3", ["-m", "venv", "\(folder)/peer"])
            _ = try Command.run(
                python, ["-m", "pip", "install", "--quiet", "--no-input", "-r", Self.beside("requirements.txt")])
        }
        version = try Command.run(python, [Self.beside("peer.py"), "version"])
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// What it decided, and the engine's time for each decision of all rounds, for each of five hierarchies.
    func oopsla(_ folder: String, size: Int, rounds: Int) throws -> [(decisions: [Bool], times: Samples)] {
        let output = try Command.run(python, [Self.beside("peer.py"), "oopsla", folder, "\(size)", "\(rounds)"])
        return try output.split(separator: "\n").map { line in
            let words = line.split(separator: " ")
            guard words.count == 2 else { throw BenchmarkError("the peer printed `\(line.prefix(80))`") }
            let times = words[1].split(separator: ",").compactMap { Int($0) }
            return (words[0].map { $0 == "a" }, Samples(times.map { Duration.microseconds($0) }))
        }
    }

    /// How many requests of the corpus it answered, in how many seconds, with and without Python's share.
    func corpus(_ folder: String) throws -> (requests: Int, seconds: Double, engine: Double) {
        let words = try Command.run(python, [Self.beside("peer.py"), "corpus", folder])
            .split(whereSeparator: \.isWhitespace)
        guard words.count == 3, let requests = Int(words[0]), let seconds = Double(words[1]),
            let engine = Double(words[2])
        else { throw BenchmarkError("the peer printed `\(words.joined(separator: " "))`") }
        return (requests, seconds, engine)
    }

    /// How long it takes for the whole work of `salus policy corpus`, Python's start and share in it.
    func whole(_ archive: String) throws -> Double {
        let start = ContinuousClock.now
        let answer = try Command.run(python, [Self.beside("peer.py"), "whole", archive])
        let seconds = (ContinuousClock.now - start).seconds
        guard answer.hasSuffix(" 0\n") else { throw BenchmarkError("the peer printed `\(answer.prefix(80))`") }
        return seconds
    }

    private static func beside(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/" + name
    }
}
