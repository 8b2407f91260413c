// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
package import Building
package import Kernel

/// Practice 8: backup and recovery. Today its commands, on repositories in restic's format.
package struct BackupPractice: Practice {
    package static let name = PracticeName.backup

    package init(_ house: House) async throws {}

    package static var commands: [any AsyncParsableCommand.Type] { [BackupCommand.self] }
}
