// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import CedarPolicy
import Codecs
import Foundation

/// Cedar's corpus of generated tests: policies and entities parsed, eight requests decided, 7,809 times.
enum CorpusBenchmark {
    static func run(corpus: String, peer: Peer, folder: String) throws {
        // Both read the same files; the time of reading them counts for neither.
        _ = try Command.run("tar", ["-xzf", "\(corpus)/corpus-tests.tar.gz", "-C", folder])
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/corpus-tests")
            .filter { $0.hasSuffix(".json") && !$0.hasSuffix(".entities.json") }.sorted()
        var seconds: [Double] = []
        var theirs: [(requests: Int, seconds: Double, engine: Double)] = []
        var requests = 0
        for _ in 0..<min(Workshop.rounds(standard: 3), 3) {
            theirs.append(try peer.corpus(folder))
            var total = Duration.zero
            requests = 0
            for name in names {
                let test = try CorpusTest(folder, name)
                total += try test.answer()
                requests += test.questions.count
            }
            seconds.append(total.seconds)
        }
        guard theirs.allSatisfy({ $0.requests == requests }) else { throw BenchmarkError("requests are missing") }
        let (engine, call) = (theirs.map(\.engine).median, theirs.map(\.seconds).median)
        say("Corpus: \(names.count) tests, \(requests) requests, policies and entities parsed, all decisions as")
        say("expected; medians of \(seconds.count) rounds, cedarpy \(peer.version).")
        var report = Report(["", "seconds", "×", "target ×"])
        report.add(["ours", figure(seconds.median)])
        report.add([
            "peer, the engine alone", figure(engine), figure(engine / seconds.median),
            Target.atLeast(1).verdict(engine / seconds.median),
        ])
        report.add(["peer, as Python calls it", figure(call), figure(call / seconds.median), "–"])
        report.show()
        try whole(corpus: corpus, peer: peer)
    }

    /// The whole work: the archive read, policies parsed, validated, decided, and every answer compared.
    private static func whole(corpus: String, peer: Peer) throws {
        var ours: [Double] = []
        var theirs: [Double] = []
        for _ in 0..<min(Workshop.rounds(standard: 3), 3) {
            theirs.append(try peer.whole("\(corpus)/corpus-tests.tar.gz"))
            let start = ContinuousClock.now
            let answer = try Command.run(Workshop.program, ["policy", "corpus", corpus])
            ours.append((ContinuousClock.now - start).seconds)
            guard
                answer.hasSuffix(
                    "7809 tests, 62472 requests: 0 decision, 0 reason, 0 error, 0 validation differences\n")
            else { throw BenchmarkError("`salus policy corpus` printed `\(answer.suffix(200))`") }
        }
        say("The whole corpus as processes: archive read, parsed, validated, decided, compared. Ours prints every")
        say("policy, schema and JSON besides and reads them back, and answers the 22 hand-written tests too.")
        var report = Report(["", "seconds", "×", "target ×"])
        let ratio = theirs.median / ours.median
        report.add(["salus policy corpus", figure(ours.median)])
        report.add(["peer, in Python", figure(theirs.median), figure(ratio), Target.atLeast(1).verdict(ratio)])
        report.show()
    }
}

/// One test with its files read.
private struct CorpusTest {
    let questions: [JSONNode]
    private let name: String
    private let policies: [UInt8]
    private let entities: [UInt8]

    init(_ folder: String, _ name: String) throws {
        let root = try JSONDocument.parse(bytes("\(folder)/corpus-tests/\(name)")).root
        guard let policies = root["policies"]?.string, let entities = root["entities"]?.string,
            let questions = root["requests"]?.elements
        else { throw BenchmarkError("\(name) is no test") }
        self.name = name
        self.policies = try bytes("\(folder)/\(policies)")
        self.entities = try bytes("\(folder)/\(entities)")
        self.questions = Array(questions)
    }

    /// Answers all its requests; how long that took, parsing in it.
    func answer() throws -> Duration {
        let start = ContinuousClock.now
        let authorizer = try CompiledAuthorizer(PolicySet(parsing: policies), Entities(json: entities).all)
        var decisions: [Decision] = []
        for question in questions { decisions.append(authorizer.decide(try Self.request(question)).decision) }
        let duration = ContinuousClock.now - start
        guard decisions.map(\.rawValue) == questions.map({ $0["decision"]?.string }) else {
            throw BenchmarkError("\(name): another decision than expected")
        }
        return duration
    }

    private static func request(_ node: JSONNode) throws -> Request {
        guard let context = node["context"] else { throw BenchmarkError("a request without context") }
        return try Request(
            principal: uid(node["principal"]), action: uid(node["action"]), resource: uid(node["resource"]),
            contextJSON: Array(context.sourceBytes), escapes: .read)
    }

    private static func uid(_ node: JSONNode?) throws -> EntityUID {
        guard let type = node?["type"]?.string.flatMap({ TypeName(Text($0)) }), let id = node?["id"]?.utf8 else {
            throw BenchmarkError("a request about no entity")
        }
        return EntityUID(type: type, id: Text(String(decoding: id, as: UTF8.self)))
    }
}
