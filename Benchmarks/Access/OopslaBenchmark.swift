// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import CedarPolicy
import Codecs
import Foundation

/// The workloads of "Cedar: A New Language for Expressive, Fast, Safe, and Analyzable Authorization" (OOPSLA 2024):
/// five hierarchies of each size, 500 requests each.
struct OopslaBenchmark {
    private let folder: String
    private let peer: Peer
    private let rounds = Workshop.rounds(standard: 5)

    /// - Parameter corpus: the folder of Cedar's corpora.
    init(corpus: String, peer: Peer) {
        folder = "\(corpus)/oopsla"
        self.peer = peer
    }

    func run() throws {
        say("OOPSLA 2024: single decisions in µs, medians over 5 hierarchies of 500 requests, \(rounds) rounds each;")
        say("cedarpy \(peer.version): the engine's own time, cut to whole µs; × is peer / ours, lowest of the 5.")
        var report = Report([
            "", "ours p50", "p99", "peer p50", "p99", "× p50", "target ×", "× p99", "target ×",
        ])
        for application in ["gdrive", "github"] {
            for size in [5, 10, 20, 50] { report.add(try measure(application, size)) }
        }
        report.show()
    }

    private func measure(_ application: String, _ size: Int) throws -> [String] {
        let folder = "\(folder)/\(application)"
        let theirs = try peer.oopsla(folder, size: size, rounds: rounds)
        guard theirs.count == 5 else { throw BenchmarkError("the peer answered \(theirs.count) of 5 hierarchies") }
        let ours = try theirs.enumerated().map { try decide(folder, "\(size)-\($0)", as: $1.decisions) }
        func lowest(_ share: Double) -> Double {
            zip(theirs, ours).map { $0.times.percentile(share).seconds / $1.percentile(share).seconds }.min() ?? .nan
        }
        func median(_ samples: [Samples], _ share: Double) -> String {
            figure(samples.map { $0.percentile(share).microseconds }.median)
        }
        return [
            "\(application) \(size)", median(ours, 0.5), median(ours, 0.99), median(theirs.map(\.times), 0.5),
            median(theirs.map(\.times), 0.99), figure(lowest(0.5)), Target.atLeast(1).verdict(lowest(0.5)),
            figure(lowest(0.99)), Target.atLeast(0.5).verdict(lowest(0.99)),
        ]
    }

    /// Decides each request of a hierarchy in each round; the decisions must be the frozen ones and the peer's.
    private func decide(_ folder: String, _ hierarchy: String, as theirs: [Bool]) throws -> Samples {
        let policies = try PolicySet(parsing: bytes("\(folder)/policies.cedar"))
        let entities = try Entities(json: bytes("\(folder)/\(hierarchy).entities.json"))
        let authorizer = try CompiledAuthorizer(policies, entities.all)
        let asked = try Self.requests(bytes("\(folder)/\(hierarchy).requests.json"))
        let decisions = asked.map { authorizer.decide($0.request).decision == .allow }
        guard decisions == theirs, decisions == asked.map(\.isAllowed) else {
            throw BenchmarkError("\(folder)/\(hierarchy): not the same decisions")
        }
        let requests = (0..<rounds).flatMap { _ in asked.map(\.request) }
        return Clocked.each(requests) { _ = authorizer.decide($0) }
    }

    private static func requests(_ json: [UInt8]) throws -> [(request: Request, isAllowed: Bool)] {
        try JSONDocument.parse(json).root.elements.map { node in
            let request = Request(
                principal: try uid(node["principal"]), action: try uid(node["action"]),
                resource: try uid(node["resource"]))
            return (request, node["decision"]?.string == "allow")
        }
    }

    /// `Type::"id"`, with an id that needs no escapes.
    private static func uid(_ node: JSONNode?) throws -> EntityUID {
        let words = node?.string?.split(separator: "\"", omittingEmptySubsequences: false) ?? []
        guard words.count == 3, let type = TypeName(Text(String(words[0].dropLast(2)))) else {
            throw BenchmarkError("a request about no entity")
        }
        return EntityUID(type: type, id: Text(String(words[1])))
    }
}

/// A file as a whole.
func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path)))
}
