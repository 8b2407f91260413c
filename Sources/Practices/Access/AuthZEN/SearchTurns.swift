// SPDX-License-Identifier: Apache-2.0

import Kernel
import Synchronization

/// Lets each application search once at a time: a search decides about everybody or everything there is, and a program
/// that asks for many at once would have all the processors to itself.
///
/// The second one is turned away and told when to come back, as HTTP clients know it (RFC 6585, section 4). To make it
/// wait would hold its connection and hide from its maker that it asks too much.
final class SearchTurns: Sendable {
    private let searching = Mutex<Set<Identifier<Application>>>([])

    /// Runs `search` unless another one of this application runs.
    ///
    /// - Throws: `Fault.throttled` then, and what `search` throws.
    func take<Value>(_ application: Identifier<Application>, _ search: () async throws -> Value) async throws -> Value {
        guard searching.withLock({ $0.insert(application).inserted }) else {
            throw Fault(
                .throttled, "This application is searching already: wait for that answer, then ask again.")
        }
        defer { searching.withLock { _ = $0.remove(application) } }
        return try await search()
    }
}

/// Until when a search may go on. It is complete then or it fails; a part of the answer would look like the whole.
struct SearchDeadline: Sendable {
    private let end: ContinuousClock.Instant?
    private let longest: Duration

    /// A deadline from now on.
    init(_ longest: Duration) {
        self.longest = longest
        end = ContinuousClock.now + longest
    }

    private init() { (end, longest) = (nil, .zero) }

    /// As long as it takes.
    static let none = SearchDeadline()

    /// Asked between two decisions.
    ///
    /// - Throws: `Fault.unavailable` when the time is over.
    func check() throws {
        guard let end, ContinuousClock.now >= end else { return }
        throw Fault(
            .unavailable,
            """
            The search took longer than \(longest.components.seconds) seconds and was ended without an answer. Ask about \
            single subjects and resources instead (/access/v1/evaluations takes \(Batch.largest) at once), or search when \
            less is going on.
            """)
    }
}
