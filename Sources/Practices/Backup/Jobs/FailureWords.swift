// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import ResticFormat

/// Why a backup or a drill failed, in words for the console.
enum FailureWords {
    static func of(_ error: any Error) -> String {
        let text =
            switch error {
            case RepositoryError.wrongPassword: "The password does not open the repository any more."
            case RepositoryError.locked(let lock):
                "The repository is used by another program on \(lock.hostname) since \(lock.time.text)."
            case RepositoryError.lockLost: "The lock could not be kept, so writing was stopped."
            case RepositoryError.damaged(let flaws):
                "The repository is damaged: \(flaws.prefix(3).joined(separator: "; "))"
            case let fault as Fault: fault.message
            default: "\(error)"
            }
        return String(TerminalText.harmless(text).prefix(500))
    }
}
