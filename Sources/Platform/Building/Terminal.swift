// SPDX-License-Identifier: Apache-2.0

package import Codecs
import Glibc
import Kernel
import Synchronization

/// The terminal of a command: plain lines, JSON, and a progress bar where somebody is watching.
package enum Terminal {
    /// Writes a line to standard output at once.
    package static func line(_ text: String = "") {
        print(text)
        fflush(nil)
    }

    /// Writes a value as one line of JSON.
    package static func json(_ value: CanonicalValue) {
        guard let bytes = try? value.encode() else { return }
        line(String(decoding: bytes, as: UTF8.self))
    }

    /// Writes a line to standard error.
    package static func complain(_ text: String) {
        let bytes = Array((text + "\n").utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// Whether somebody is looking at standard error.
    package static let isWatched = isatty(STDERR_FILENO) == 1
}

/// The progress of long work: a bar on a terminal, nothing otherwise.
package final class TerminalProgress: Sendable {
    private let label: String
    private let total: Int64
    private let started = ContinuousClock.now
    private let drawn = Mutex<ContinuousClock.Instant?>(nil)

    /// A bar for `total` units of work.
    package init(_ label: String, total: Int64) {
        self.label = label
        self.total = max(1, total)
    }

    /// Draws the bar with `done` of the units and a word about what is being done now.
    package func show(_ done: Int64, _ detail: String = "") {
        guard Terminal.isWatched else { return }
        let now = ContinuousClock.now
        let isDue = drawn.withLock { last in
            if let last, now - last < .milliseconds(80), done < total { return false }
            last = now
            return true
        }
        guard isDue else { return }
        let share = min(1, Double(done) / Double(total))
        let filled = Int(share * 28)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 28 - filled)
        let elapsed = Double((now - started).wholeMicroseconds) / 1e6
        let left = share > 0.01 ? "\(Int(elapsed / share - elapsed)) s left" : ""
        let text = "\r\u{1B}[2K\(label) \(bar) \(Int(share * 100)) %  \(detail)  \(left)"
        let bytes = Array(text.utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// Takes the bar away.
    package func finish() {
        guard Terminal.isWatched else { return }
        let bytes = Array("\r\u{1B}[2K".utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
