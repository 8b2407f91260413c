// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kernel

/// Failures of repositories for commands and pages of the house, which know faults only.
enum BackupFault {
    /// Does `work`; what a repository or a place throws becomes a fault with its words.
    static func worded<Value>(_ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch let error as Fault {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            throw Fault(.unavailable, FailureWords.of(error), cause: nil)
        }
    }
}

/// Addresses of repositories as they are kept: a folder's does not depend on where somebody stood.
enum RepositoryPath {
    static func absolute(_ address: String) -> String {
        guard case .folder(let path)? = try? PlaceAddress(address), path.utf8.first != UInt8(ascii: "/") else {
            return address
        }
        return FileManager.default.currentDirectoryPath + "/" + path
    }
}

extension BlockingThreads {
    /// For little work that waits for a disk or another machine.
    static var two: BlockingThreads { BlockingThreads(count: 2) }

    /// For backups and restores: one for each processor, and one more that waits for the disk.
    static var forBackups: BlockingThreads {
        BlockingThreads(count: ProcessInfo.processInfo.activeProcessorCount + 1)
    }
}
