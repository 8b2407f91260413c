// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel

/// A program that runs before or after a backup: freezes a file system, dumps a database, thaws it again.
///
/// It runs as the user of Salus, without a shell, and sees no secret of the environment.
enum Hook {
    /// How long one may take.
    static let limit = Duration.hours(1)

    /// Runs a program to its end, on threads that may wait.
    ///
    /// - Parameter name: `before` or `after`, for messages.
    /// - Throws: `Fault.unavailable` when it cannot be started, ends with another status than 0, or takes too long.
    static func run(_ command: [String], _ name: String) async throws {
        guard !command.isEmpty else { return }
        let process: ChildProcess
        do {
            process = try ChildProcess(command)
        } catch {
            throw Fault(.unavailable, "The program that runs \(name) the backup could not be started: \(error)")
        }
        let deadline = ContinuousClock.now + limit
        var (complaint, hearsComplaints) = ([UInt8](), true)
        loop: while ContinuousClock.now < deadline {
            switch process.next(within: .seconds(1), hearsComplaints: hearsComplaints) {
            case .output: continue
            case .complaint(let bytes) where bytes.isEmpty: hearsComplaints = false
            case .complaint(let bytes): complaint = Array((complaint + bytes).suffix(300))
            case .silence: if Task.isCancelled { break loop }
            case .end: break loop
            }
        }
        let isLate = ContinuousClock.now >= deadline || Task.isCancelled
        process.hangUp()
        let status = process.reap(within: isLate ? .zero : .seconds(10))
        try Task.checkCancellation()
        guard status == 0 else {
            let said = TerminalText.harmless(String(decoding: complaint, as: UTF8.self))
            let end = isLate ? "took longer than an hour" : "ended with status \(status)"
            throw Fault(.unavailable, "The program that runs \(name) the backup \(end). \(said)")
        }
    }
}
