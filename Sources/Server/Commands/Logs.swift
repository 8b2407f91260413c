// SPDX-License-Identifier: Apache-2.0

import Codecs
import Foundation
import Glibc
import Kernel
import Logging

/// The operator's log: lines for people on a terminal, JSON otherwise, always on standard error.
enum Logs {
    /// A logger as the settings ask.
    static func make(_ settings: Settings) -> Logger {
        var logger = Logger(label: "salus") { _ in OperatorLog(isForPeople: isatty(STDERR_FILENO) == 1) }
        logger.logLevel = Logger.Level(rawValue: settings.logLevel) ?? .info
        return logger
    }
}

/// Writes each message as one line. Callers put no patient data into messages or metadata.
struct OperatorLog: LogHandler {
    let isForPeople: Bool
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        let now = Instant(microseconds: Int64(Date().timeIntervalSince1970 * 1e6))
        let line = isForPeople ? text(event, all, now) : json(event, all, now)
        let bytes = line + [UInt8(ascii: "\n")]
        _ = unsafe bytes.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    private func text(_ event: LogEvent, _ metadata: Logger.Metadata, _ now: Instant) -> [UInt8] {
        let details = metadata.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        let clock = now.rfc3339.dropFirst(11).prefix(8)
        return Array("\(clock) \(event.level.rawValue) \(event.message)\(details)".utf8)
    }

    private func json(_ event: LogEvent, _ metadata: Logger.Metadata, _ now: Instant) -> [UInt8] {
        var members: [CanonicalMember] = [
            .init("time", .string(now.rfc3339)), .init("level", .string(event.level.rawValue)),
            .init("message", .string("\(event.message)")),
        ]
        for (key, value) in metadata where !["time", "level", "message"].contains(key) {
            members.append(.init(key, .string("\(value)")))
        }
        return (try? CanonicalValue.object(members).encode()) ?? Array("{}".utf8)
    }
}
