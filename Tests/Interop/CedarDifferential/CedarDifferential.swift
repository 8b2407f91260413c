// SPDX-License-Identifier: Apache-2.0

/// Writes generated cases with our answers, one line of JSON each, for another engine to answer too.
///
/// Usage: `CedarDifferential FIRST COUNT`, the seeds of the cases; see `cedar_differential.py`.
@main
struct CedarDifferential {
    static func main() throws {
        let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        guard numbers.count == 2, let first = numbers.first, let count = numbers.last, count > 0 else {
            print("usage: CedarDifferential FIRST COUNT")
            return
        }
        for seed in first..<first + count { print(try Case(seed: seed).line()) }
    }
}
