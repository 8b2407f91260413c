// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Who waits for which answer of a server.
final class SFTPBoard: Sendable {
    typealias Waiter = CheckedContinuation<SFTPReply, any Error>

    private let state = Mutex(State())

    private struct State {
        var waiting: [UInt32: Waiter] = [:]
        var lastID: UInt32 = 0
        /// Why nothing comes any more.
        var end: PlaceError?
        /// When the last answer came, or when the first of those who wait began to.
        var heard = ContinuousClock.now
        var isGreeted = false
    }

    /// Whether answers can still come.
    var isOpen: Bool { state.withLock { $0.end == nil } }

    /// Whether the server has answered anything.
    var isGreeted: Bool { state.withLock { $0.isGreeted } }

    /// The number under which an answer is waited for; nil after the end, which the one who waits has been told then.
    func expect(_ waiter: Waiter) -> UInt32? {
        let (id, end): (UInt32?, PlaceError?) = state.withLock { state in
            if let end = state.end { return (nil, end) }
            repeat { state.lastID &+= 1 } while state.lastID == 0 || state.waiting[state.lastID] != nil
            Self.add(waiter, state.lastID, &state)
            return (state.lastID, nil)
        }
        if let end { waiter.resume(throwing: end) }
        return id
    }

    /// The same for the answer to the greeting, which has no number.
    func expectVersion(_ waiter: Waiter) -> Bool {
        let end = state.withLock { state in
            if state.end == nil { Self.add(waiter, 0, &state) }
            return state.end
        }
        if let end { waiter.resume(throwing: end) }
        return end == nil
    }

    private static func add(_ waiter: Waiter, _ id: UInt32, _ state: inout State) {
        if state.waiting.isEmpty { state.heard = .now }
        state.waiting[id] = waiter
    }

    /// Passes an answer on.
    ///
    /// - Throws: `PlaceError.garbled` where nobody asked.
    func receive(_ packet: ArraySlice<UInt8>) throws(PlaceError) {
        let (id, reply) = try SFTPReply.parse(packet)
        let waiter = state.withLock { state in
            state.heard = .now
            state.isGreeted = true
            return state.waiting.removeValue(forKey: id)
        }
        guard let waiter else { throw .garbled("an SFTP packet answers nothing that was asked") }
        waiter.resume(returning: reply)
    }

    /// Tells everybody who waits, and who will, that nothing comes any more.
    func end(_ error: PlaceError) {
        let waiters = state.withLock { state in
            state.end = state.end ?? error
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for waiter in waiters { waiter.resume(throwing: error) }
    }

    /// Whether somebody waits while nothing has come for so long.
    func isOverdue(_ limit: Duration) -> Bool {
        state.withLock { !$0.waiting.isEmpty && ContinuousClock.now - $0.heard > limit }
    }
}
