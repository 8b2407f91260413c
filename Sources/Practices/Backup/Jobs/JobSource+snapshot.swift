// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel

extension JobSource {
    /// What reads it.
    ///
    /// - Throws: `Fault.invalidInput` for what this version cannot back up.
    func snapshotSource(_ house: House) async throws -> any SnapshotSource {
        switch self {
        case .files(let paths, _): FileSource(paths: paths)
        case .postgres, .sqlite, .salus:
            throw Fault(.invalidInput, "This version of Salus cannot back that up by schedule.")
        }
    }
}
