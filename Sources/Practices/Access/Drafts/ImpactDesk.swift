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
        /// What stands for the people of the directory, in this process.
        fileprivate let people: Int
    }

    /// How far it is.
    enum Progress: Sendable {
        case ready(Result)
        case computing(done: Int, of: Int)
        /// Another draft is computed first.
        case waiting
        /// It cannot be computed, and why.
        case impossible(String)
    }

    private struct Key: Hashable {
        let text: [UInt8]
        let version: Int64
    }

    private struct Work {
        let task: Task<Result, any Error>
        let number: Int
        /// When somebody last asked for it.
        var asked: ContinuousClock.Instant
        var ended: ContinuousClock.Instant?
        var done = 0
        var size = 0
    }

    private struct Shown {
        let digest: [UInt8]
        let text: [UInt8]
        let gains: Set<Impact.Line>
        let later: Set<Impact.Later>
        let possible: Set<Impact.Possible>
    }

    private struct State {
        var works: [Key: Work] = [:]
        /// How many were begun.
        var count = 0
        /// What was shown, oldest first.
        var shown: [Shown] = []
    }

    /// How long a page may take before it shows how far the work is.
    private static let patience = Duration.seconds(2)
    /// How long what was computed is shown again.
    private static let freshness = Duration.seconds(60)
    /// After how long without a page that asks for it a work makes room for another. Pages ask every two seconds.
    private static let abandoned = Duration.seconds(20)

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
            text: RuleText.digest(text), people: census.fingerprint)
    }

    /// The same for a page, which does not wait long: the work goes on, and the page asks again.
    func look(at text: [UInt8]) async throws -> Progress {
        let progress = try await progress(of: text)
        if case .ready(let result) = progress { remember(result) }
        return progress
    }

    /// The same for whoever acts on it: not older than the directory is.
    func current(_ text: [UInt8]) async throws -> Progress {
        let people = try await rules.census().fingerprint
        let progress = try await progress(of: text)
        guard case .ready(let result) = progress, result.people != people else { return progress }
        drop(text)
        return try await self.progress(of: text)
    }

    /// Ends the work on a text that nobody will ask for any more, and forgets what came out of it.
    func drop(_ text: [UInt8]) {
        let digest = RuleText.digest(text)
        state.withLock { state in
            for (key, work) in state.works where key.text == digest {
                work.task.cancel()
                state.works[key] = nil
            }
        }
    }

    private func progress(of text: [UInt8]) async throws -> Progress {
        let version = try await rules.store.read { tx in try tx.versionInForce() }
        let key = Key(text: RuleText.digest(text), version: version)
        guard let task = start(key, text) else { return .waiting }
        do {
            if let result = try await value(of: task, key) { return .ready(result) }
        } catch let fault as Fault where fault.code == .refused || fault.code == .invalidInput {
            return .impossible(fault.message)
        } catch is CancellationError where !Task.isCancelled {
            return .waiting
        }
        return state.withLock { state in
            let work = state.works[key]
            return .computing(done: work?.done ?? 0, of: work?.size ?? 0)
        }
    }

    /// What the work gives, if that does not take long; it goes on all the same.
    private func value(of task: Task<Result, any Error>, _ key: Key) async throws -> Result? {
        let deadline = ContinuousClock.now + Self.patience
        while ContinuousClock.now < deadline {
            if state.withLock({ $0.works[key].map { $0.ended != nil } ?? true }) { return try await task.value }
            try await Task.sleep(for: .milliseconds(20))
        }
        return nil
    }

    /// The work on a text, begun if need be; nil while another one is worked on. Each keeps a core busy, so there is
    /// one at a time.
    private func start(_ key: Key, _ text: [UInt8]) -> Task<Result, any Error>? {
        state.withLock { state in
            let now = ContinuousClock.now
            state.works = state.works.filter { $0.value.ended.map { now - $0 < Self.freshness } ?? true }
            if let known = state.works[key] {
                state.works[key]?.asked = now
                return known.task
            }
            for (other, work) in state.works where work.ended == nil {
                guard now - work.asked > Self.abandoned else { return nil }
                work.task.cancel()
                state.works[other] = nil
            }
            state.count += 1
            let number = state.count
            state.works[key] = Work(task: task(key, number, text), number: number, asked: now)
            return state.works[key]?.task
        }
    }

    private func task(_ key: Key, _ number: Int, _ text: [UInt8]) -> Task<Result, any Error> {
        // Not for whoever asked: pages do not wait for it, and it runs on no thread that serves connections.
        Task.detached(priority: .utility) { [self] in
            defer { change(key, number) { $0.ended = ContinuousClock.now } }
            return try await compute(text) { done, size in
                self.change(key, number) { ($0.done, $0.size) = (done, size) }
            }
        }
    }

    private func change(_ key: Key, _ number: Int, _ body: (inout Work) -> Void) {
        state.withLock { state in
            guard var work = state.works[key], work.number == number else { return }
            body(&work)
            state.works[key] = work
        }
    }

    private func remember(_ result: Result) {
        state.withLock { state in
            guard !state.shown.contains(where: { $0.digest == result.digest }) else { return }
            state.shown.append(
                Shown(
                    digest: result.digest, text: result.text, gains: Set(result.impact.gains.keys),
                    later: Set(result.impact.laterGains.keys), possible: result.impact.possible))
            if state.shown.count > 32 { state.shown.removeFirst() }
        }
    }

    /// Whether what has that digest was shown about this text; nil when this process does not know, because it was
    /// started since, or because another one showed it.
    func didShow(_ digest: [UInt8], about text: [UInt8]) -> Bool? {
        let text = RuleText.digest(text)
        return state.withLock { state in state.shown.first { $0.digest == digest }.map { $0.text == text } }
    }

    /// Whether whoever was shown the impact with that digest has seen all that `result` gives.
    func covers(_ digest: [UInt8], _ result: Result) -> Bool {
        if digest == result.digest { return true }
        return state.withLock { state in
            guard let shown = state.shown.first(where: { $0.digest == digest }) else { return false }
            return shown.text == result.text && shown.gains.isSuperset(of: result.impact.gains.keys)
                && shown.later.isSuperset(of: result.impact.laterGains.keys)
                && shown.possible.isSuperset(of: result.impact.possible)
        }
    }
}

extension Census {
    /// What stands for who is there and with what roles, in this process: by which whoever acts on a comparison knows
    /// that it is not older than that.
    fileprivate var fingerprint: Int {
        var hasher = Hasher()
        for member in staff {
            hasher.combine(member.summary.id)
            hasher.combine(member.summary.roles)
            hasher.combine(member.summary.isEnabled)
            hasher.combine(member.summary.hasSecondFactor)
            hasher.combine(member.department)
        }
        hasher.combine(careTeams)
        return hasher.finalize()
    }
}
