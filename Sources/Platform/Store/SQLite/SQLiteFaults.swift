// SPDX-License-Identifier: Apache-2.0

import GRDB
import Kernel

extension DataFolder {
    /// What a failure of SQLite means to the reader. SQLite's messages name tables and columns, never values.
    func fault(_ error: any Error) -> Fault {
        if let fault = error as? Fault { return fault }
        guard let error = error as? DatabaseError else {
            return Fault(.internal, "the store failed in an unexpected way", cause: error)
        }
        let said = "SQLite says: \(error.message ?? "nothing") (\(error.extendedResultCode.rawValue))"
        switch error.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            return Fault(.damaged, "the store `\(file)` is damaged; restore it from a backup. \(said)")
        case .SQLITE_FULL:
            return Fault(.storageFull, "no space left for the store `\(file)`; free some space on this disk. \(said)")
        case .SQLITE_IOERR where isFull():
            return Fault(.storageFull, "no space left for the store `\(file)`; free some space on this disk. \(said)")
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL:
            return Fault(.unavailable, "another process keeps the store `\(file)` locked; try again. \(said)")
        case .SQLITE_CONSTRAINT:
            return Fault(.conflict, "the store refused a row that breaks one of its rules. \(said)")
        case .SQLITE_READONLY where error.extendedResultCode == .SQLITE_READONLY && !isReadOnly():
            return Fault(.internal, "a reading transaction tried to write. \(said)")
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            return Fault(.unavailable, "the store `\(file)` cannot be written; check owner, mode and mount. \(said)")
        case .SQLITE_IOERR, .SQLITE_NOMEM, .SQLITE_INTERRUPT, .SQLITE_NOLFS:
            return Fault(.unavailable, "the store `\(file)` cannot be read or written now. \(said)")
        default:
            return Fault(.internal, "the store did not understand a statement. \(said)")
        }
    }
}
