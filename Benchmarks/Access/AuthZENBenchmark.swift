// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import CedarPolicy
import Codecs
import Foundation

/// Decisions that other programs ask for over HTTPS (OpenID AuthZEN), each request with its leaf in the log; wrk, which
/// asks, shares the processors.
enum AuthZENBenchmark {
    static func run(folder: String) async throws {
        var ward = Ward()
        let questions = (0..<1_000).map { _ in ward.question() }
        let (data, key) = ("\(folder)/authzen", "\(folder)/authzen.key")
        // Makes the store.
        try Served.start(data: data, keyFile: key).0.stop()
        let token = try register(ward, folder, data, key)
        let (served, _) = try Served.start(data: data, keyFile: key)
        do {
            try check(questions, ward, served.port, token, folder)
            try await measure(questions, Load(port: served.port, folder: folder), token)
        } catch {
            try? served.stop()
            throw error
        }
        try served.stop()
    }

    private static func register(_ ward: Ward, _ folder: String, _ data: String, _ key: String) throws -> String {
        var arguments = ["access", "applications", "add", "bench", "--json", "--data", data, "--key-file", key]
        for (name, text) in [("schema", Ward.schema), ("policies", Ward.policies), ("entities", ward.entities)] {
            try text.write(toFile: "\(folder)/ward.\(name)", atomically: true, encoding: .utf8)
            arguments += ["--\(name)", "\(folder)/ward.\(name)"]
        }
        let answer = try Command.run(Workshop.program, arguments)
        guard let token = try JSONDocument.parse(Array(answer.utf8)).root["token"]?.string else {
            throw BenchmarkError("no token in `\(answer)`")
        }
        return token
    }

    /// Every answer must be the plain evaluator's.
    private static func check(
        _ questions: [Ward.Question], _ ward: Ward, _ port: Int, _ token: String, _ folder: String
    ) throws {
        let answers = try stride(from: 0, to: questions.count, by: 100).flatMap { start in
            try ask(questions[start..<(start + 100)], port, token, folder)
        }
        let policies = try PolicySet(parsing: Ward.policies)
        let schema = try Schema(parsing: Array(Ward.schema.utf8))
        let entities = try Entities(json: Array(ward.entities.utf8), schema: schema)
        let expected = questions.map { policies.decide($0.request, entities).decision == .allow }
        guard answers == expected else { throw BenchmarkError("other answers than the plain evaluator's") }
        let permitted = answers.count { $0 == true }
        say("AuthZEN over HTTPS: \(Ward.nurses) nurses, \(Ward.patients) patients of one application;")
        say("\(questions.count) answers compared with the plain evaluator's, \(permitted) permitted.")
    }

    private static func ask(
        _ questions: ArraySlice<Ward.Question>, _ port: Int, _ token: String, _ folder: String
    ) throws -> [Bool?] {
        let body = "\(folder)/questions.json"
        try batch(questions).write(toFile: body, atomically: true, encoding: .utf8)
        let answer = try Command.run(
            "curl",
            [
                "-sk", "-H", "authorization: Bearer \(token)", "-H", "content-type: application/json", "--data",
                "@\(body)", "https://127.0.0.1:\(port)/access/v1/evaluations",
            ])
        return try JSONDocument.parse(Array(answer.utf8)).root["evaluations"]?.elements.map { $0["decision"]?.bool }
            ?? []
    }

    private static func measure(
        _ questions: [Ward.Question], _ load: Load, _ token: String
    ) async throws {
        let batches = stride(from: 0, to: questions.count, by: 100).map { batch(questions[$0..<($0 + 100)]) }
        var report = Report(["", "decisions/s", "p50 ms", "p99 ms", "target"])
        for (name, bodies, path, connections, each) in [
            ("one by one, 16 connections", questions.map(\.json), "evaluation", 16, 1.0),
            ("one by one, 64 connections", questions.map(\.json), "evaluation", 64, 1),
            ("100 at once, 4 connections", batches, "evaluations", 4, 100),
        ] {
            let results = try await repeated {
                try await load.post(
                    bodies, to: "/access/v1/\(path)", token: token, connections: connections,
                    seconds: Workshop.seconds(standard: 5))
            }
            let rate = results.map(\.rate).median * each
            report.add([
                name, figure(rate), figure(results.map(\.p50.milliseconds).median),
                figure(results.map(\.p99.milliseconds).median), Target.atLeast(10_000).verdict(rate),
            ])
        }
        report.show()
    }

    private static func repeated(_ work: () async throws -> LoadResult) async throws -> [LoadResult] {
        var results: [LoadResult] = []
        for _ in 0..<Workshop.rounds(standard: 3) {
            let result = try await work()
            guard result.errors == 0 else { throw BenchmarkError("\(result.errors) of the requests were not answered") }
            results.append(result)
        }
        return results
    }

    private static func batch(_ questions: ArraySlice<Ward.Question>) -> String {
        "{\"evaluations\":[\(questions.map(\.json).joined(separator: ","))]}"
    }
}
