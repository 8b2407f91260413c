// SPDX-License-Identifier: Apache-2.0

/// When something that failed is tried again: ever later, by chance a little sooner or later than others try, and not for
/// ever.
struct Backoff: Sendable {
    /// About how long the first wait is; each further one is twice as long.
    var first = Duration.seconds(1)
    /// No wait is longer than about this.
    var longest = Duration.seconds(60)
    /// After so long it is given up.
    var total = Duration.seconds(15 * 60)
    /// As long as nothing ever went well it is given up sooner: it may be the address that is wrong.
    var totalAtFirst = Duration.seconds(30)

    /// How long to wait after so many failures; nil to give up.
    ///
    /// - Parameters:
    ///   - elapsed: the time since the first try began.
    ///   - chance: from 0 up to 1; it makes the wait half as long, or half as long again.
    func wait(after failures: Int, elapsed: Duration, chance: Double, hasWorked: Bool) -> Duration? {
        let doubled = first * Double(UInt64(1) << UInt64(min(max(failures - 1, 0), 30)))
        let wait = min(doubled, longest) * (0.5 + chance)
        return elapsed + wait < (hasWorked ? total : totalAtFirst) ? wait : nil
    }
}
