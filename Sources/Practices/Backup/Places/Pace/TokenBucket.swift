// SPDX-License-Identifier: Apache-2.0

/// Says how long bytes have to wait so that no more than so many pass in a second.
///
/// It knows no clock: whoever asks says what time it is.
struct TokenBucket: Sendable {
    /// Bytes a second; at least one.
    let rate: Int
    /// After a pause so much time's worth of bytes passes at once.
    private static let burst = Duration.milliseconds(100)
    private var free: ContinuousClock.Instant?

    init(rate: Int) {
        self.rate = max(1, rate)
    }

    /// How long these bytes have to wait. They count as passed.
    mutating func wait(for count: Int, at now: ContinuousClock.Instant) -> Duration {
        let start = max(free ?? now - Self.burst, now - Self.burst)
        // So many bytes that the product fits; nobody sends more at once.
        let bytes = Int64(min(max(0, count), 1 << 33))
        free = start + .nanoseconds(bytes * 1_000_000_000 / Int64(rate))
        return max(.zero, start - now)
    }
}
