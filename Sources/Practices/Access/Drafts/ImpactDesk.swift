// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store
import Synchronization

/// Computes what would be different under a text of rules, and remembers for a while what it showed.
final class ImpactDesk: Sendable {
    let rules: RuleAuthorizer
    private let state = Mutex(State())

    /// What was computed, and over what.
    struct Result: Sendable {
        let impact: Impact
        /// What stands for its gains.
        let digest: [UInt8]
        /// The version that was in force.
        let version: Int64
        /// What stands for the text.
        let text: [UInt8]
    }

    /// How far it is.
    enum Progress: Sendable {
        case ready(Result)
        case computing(done: Int, of: Int)
        /// It cannot be computed, and why.
        case impossible(String)
    }

    private struct Key: Hashable {
        let text: [UInt8]
        let version: Int64
    }

    private struct Work {
        let task: Task<Result, any Error>
        let started: ContinuousClock.Instant
        var done = 0
        var size = 0
        var isOver = false
    }

    private struct Shown {
        let digest: [UInt8]
        let text: [UInt8]
        let gains: Set<Impact.Line>
        let possible: Set<Impact.Possible>
    }

    private struct State {
        var works: [Key: Work] = [:]
        /// What was shown, oldest first.
        var shown: [Shown] = []
    }

    /// How long a page may take before it shows how far the work is.
    private static let patience = Duration.seconds(2)
    /// How long what was computed is shown again.
    private static let freshness = Duration.seconds(60)
    /// How many are computed at once; each keeps a core busy.
    private static let atOnce = 2

    init(_ rules: RuleAuthorizer) {
        self.rules = rules
    }

    /// What would be different, computed now and not from memory.
    ///
    /// - Throws: `Fault.refused` when it is too large.
    func compute(
        _ text: [UInt8], progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
    ) async throws -> Result {
        guard let book = try RuleFindings(checking: text).book else {
            throw Fault(.invalidInput, "These rules have errors.")
        }
        let version = try await rules.store.read { tx in try tx.versionInForce() }
        let census = try await rules.census()
        let relations = try await rules.patients.current?.allRelations() ?? []
        let survey = try ImpactSurvey(before: census.book, after: book, census, relations)
        progress(0, survey.size)
        let impact = try await survey.run { progress($0, survey.size) }
        return Result(
            impact: impact, digest: try impact.digest(of: text, over: version), version: version,
            text: RuleText.digest(text))
    }

    /// The same for a page, which does not wait long: the work goes on, and the page asks again.
    ///
    /// - Throws: `Fault.throttled` while others are computed.
    func look(at text: [UInt8]) async throws -> Progress {
        let version = try await rules.store.read { tx in try tx.versionInForce() }
        let key = Key(text: RuleText.digest(text), version: version)
        let task = try start(key, text)
        let result: Result?
        do {
            result = try await value(of: task, key)
        } catch let fault as Fault where fault.code == .refused || fault.code == .invalidInput {
            return .impossible(fault.message)
        }
        guard let result else {
            return state.withLock { state in
                let work = state.works[key]
                return .computing(done: work?.done ?? 0, of: work?.size ?? 0)
            }
        }
        remember(result)
        return .ready(result)
    }

    /// What the work gives, if that does not take long; it goes on all the same.
    private func value(of task: Task<Result, any Error>, _ key: Key) async throws -> Result? {
        let deadline = ContinuousClock.now + Self.patience
        while ContinuousClock.now < deadline {
            if state.withLock({ $0.works[key]?.isOver ?? true }) { return try await task.value }
            try await Task.sleep(for: .milliseconds(20))
        }
        return nil
    }

    private func start(_ key: Key, _ text: [UInt8]) throws -> Task<Result, any Error> {
        try state.withLock { state in
            let now = ContinuousClock.now
            state.works = state.works.filter { !$0.value.isOver || now - $0.value.started < Self.freshness }
            if let known = state.works[key] { return known.task }
            guard state.works.values.count(where: { !$0.isOver }) < Self.atOnce else {
                throw Fault(.throttled, "Two other drafts are being computed. Try again in a minute.")
            }
            let task = Task.detached(priority: .utility) { [self] in
                defer { self.state.withLock { $0.works[key]?.isOver = true } }
                return try await compute(text) { done, size in
                    self.state.withLock { state in
                        state.works[key]?.done = done
                        state.works[key]?.size = size
                    }
                }
            }
            state.works[key] = Work(task: task, started: now)
            return task
        }
    }

    private func remember(_ result: Result) {
        state.withLock { state in
            guard !state.shown.contains(where: { $0.digest == result.digest }) else { return }
            state.shown.append(
                Shown(
                    digest: result.digest, text: result.text, gains: Set(result.impact.gains.keys),
                    possible: result.impact.possible))
            if state.shown.count > 32 { state.shown.removeFirst() }
        }
    }

    /// Whether whoever was shown the impact with that digest has seen all that `result` gives.
    func covers(_ digest: [UInt8], _ result: Result) -> Bool {
        if digest == result.digest { return true }
        return state.withLock { state in
            guard let shown = state.shown.first(where: { $0.digest == digest }) else { return false }
            return shown.text == result.text && shown.gains.isSuperset(of: result.impact.gains.keys)
                && shown.possible.isSuperset(of: result.impact.possible)
        }
    }
}
