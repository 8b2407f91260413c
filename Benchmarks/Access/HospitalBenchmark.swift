// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import CedarPolicy

/// The hospital: single decisions, who may see one patient, and changes, each decision held to the plain evaluator.
enum HospitalBenchmark {
    static func run() throws {
        var hospital = Hospital()
        let policies = try PolicySet(parsing: HospitalPolicies.text)
        guard policies.policies.count == 150 else {
            throw BenchmarkError("\(policies.policies.count) policies instead of 150")
        }
        let start = ContinuousClock.now
        var authorizer = try CompiledAuthorizer(policies, hospital.entities)
        let build = ContinuousClock.now - start
        let oracle = try Entities(hospital.entities)
        say("Hospital: \(Hospital.staffCount) staff, \(Hospital.patientCount) patients, \(hospital.edges) care-team")
        say("edges, \(policies.policies.count) policies; nothing decided is remembered.")
        var report = Report(["", "p50 µs", "p99 µs", "slowest µs", "target"])
        try decisions(&hospital, authorizer, policies, oracle, &report)
        try changes(&hospital, &authorizer, &report)
        report.show()
        try search(&hospital, try CompiledAuthorizer(policies, hospital.entities), policies, oracle)
        say("whole store and policies built in \(figure(build.milliseconds)) ms")
        say()
    }

    private static func decisions(
        _ hospital: inout Hospital, _ authorizer: CompiledAuthorizer, _ policies: PolicySet, _ oracle: Entities,
        _ report: inout Report
    ) throws {
        let requests = (0..<100_000).map { _ in hospital.request() }
        var answers: [Response] = []
        answers.reserveCapacity(requests.count)
        let samples = Clocked.each(requests) { answers.append(authorizer.decide($0)) }
        let allowed = answers.count { $0.decision == .allow }
        for index in stride(from: 0, to: requests.count, by: 20) {
            guard policies.decide(requests[index], oracle) == answers[index] else {
                throw BenchmarkError("another answer than the plain evaluator's: \(requests[index])")
            }
        }
        let name = "\(requests.count) decisions, \(allowed) allowed, \(requests.count / 20) compared"
        report.add([name] + columns(samples) + [Target.atMost(100).verdict(samples.percentile(0.99).microseconds)])
    }

    /// A change to a store of which a copy is in use, as when decisions go on meanwhile.
    private static func changes(
        _ hospital: inout Hospital, _ authorizer: inout CompiledAuthorizer, _ report: inout Report
    ) throws {
        let entities = (0..<1_000).map { hospital.changedStaff($0 * 20) }
        var copy = authorizer
        let samples = try Clocked.each(entities) {
            try authorizer.put($0)
            copy = authorizer
        }
        let moves = try Clocked.each((0..<20).map { hospital.movedWard($0) }) {
            try authorizer.put($0)
            copy = authorizer
        }
        guard copy.count == authorizer.count else { throw BenchmarkError("an entity is lost") }
        report.add(["a member of staff replaced, the older state in use"] + columns(samples) + ["–"])
        report.add(["a ward with all its patients moved, likewise"] + columns(moves) + ["–"])
    }

    /// Asks for every member of staff whether they may read a patient's chart.
    private static func search(
        _ hospital: inout Hospital, _ authorizer: CompiledAuthorizer, _ policies: PolicySet, _ oracle: Entities
    ) throws {
        var durations: [Duration] = []
        var found = 0
        for patient in 0..<11 {
            let requests = (0..<Hospital.staffCount).map {
                hospital.request(staff: $0, patient: patient * 17_000, action: 1)
            }
            let start = ContinuousClock.now
            let allowed = requests.filter { authorizer.decide($0).decision == .allow }
            durations.append(ContinuousClock.now - start)
            found += allowed.count
            guard patient == 0 else { continue }
            let expected = requests.filter { policies.decide($0, oracle).decision == .allow }
            guard expected == allowed else { throw BenchmarkError("the search found others than the plain evaluator") }
        }
        let slowest = (durations.max() ?? .zero).milliseconds
        let median = durations.map(\.milliseconds).median
        say("who may read a chart: all \(Hospital.staffCount) staff decided, 11 patients, \(found) found;")
        say("median \(figure(median)) ms, slowest \(figure(slowest)) ms, target \(Target.atMost(250).verdict(slowest))")
    }

    private static func columns(_ samples: Samples) -> [String] {
        [0.5, 0.99, 1].map { figure(samples.percentile($0).microseconds) }
    }
}
