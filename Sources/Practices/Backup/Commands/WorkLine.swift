// SPDX-License-Identifier: Apache-2.0

import Building
import Foundation

/// How far long work is, in one line of the terminal: a bar where the end is known, how much was done, how quickly, and how
/// long it will take.
struct WorkLine: Sendable {
    private let started = ContinuousClock.now

    /// - Parameters:
    ///   - total: bytes; nil while nobody knows.
    ///   - now: the file that was begun last.
    func show(files: Int, bytes: Int64, of total: Int64?, now: [UInt8] = []) {
        let seconds = Double((ContinuousClock.now - started).components.seconds) + 0.5
        let text = Self.text(files: files, bytes: bytes, of: total, after: seconds)
        let name = TerminalText.harmless(String(decoding: now.suffix(30), as: UTF8.self))
        FileHandle.standardError.write(Data("\r\u{1B}[2K\(text)  \(name)".utf8))
    }

    func clear() {
        FileHandle.standardError.write(Data("\r\u{1B}[2K".utf8))
    }

    /// What it says after so many seconds.
    static func text(files: Int, bytes: Int64, of total: Int64?, after seconds: Double) -> String {
        let rate = Double(bytes) / max(seconds, 0.001)
        let speed = "\(files) files, \(ByteText.of(bytes)), \(ByteText.of(Int64(rate)))/s"
        guard let total, total > 0 else { return speed }
        let share = min(1, Double(bytes) / Double(total))
        let filled = Int(share * 20)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
        let left = rate > 0 ? ", \(Self.time(Double(max(0, total - bytes)) / rate)) left" : ""
        return "\(bar) \(Int(share * 100)) %  \(speed)\(left)"
    }

    private static func time(_ seconds: Double) -> String {
        switch Int(min(seconds, 1e9)) {
        case let seconds where seconds < 60: "\(seconds) s"
        case let seconds where seconds < 3_600: "\(seconds / 60) min \(seconds % 60) s"
        case let seconds: "\(seconds / 3_600) h \(seconds % 3_600 / 60) min"
        }
    }

    /// Does `work` while the line shows what `tell` says, where somebody watches.
    func watching<Value: Sendable>(
        _ isShown: Bool, _ tell: @escaping @Sendable (WorkLine) -> Void,
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        guard Terminal.isWatched, isShown else { return try await work() }
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                while !Task.isCancelled {
                    tell(self)
                    try? await Task.sleep(for: .milliseconds(200))
                }
                return nil
            }
            defer {
                group.cancelAll()
                clear()
            }
            while let result = try await group.next() { if let result { return result } }
            throw CancellationError()
        }
    }
}
