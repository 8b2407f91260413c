// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kernel
import Store

extension Settings {
    /// Refuses an embedded store in a folder whose store was moved into PostgreSQL: a new, empty clinic beside it would
    /// look as if everything were gone.
    ///
    /// - Throws: `Fault.refused` with how to name the database.
    func refuseMoved() throws {
        guard case .sqlite(let path) = location else { return }
        let files = FileManager.default
        guard !files.fileExists(atPath: path), files.fileExists(atPath: "\(path).moved") else { return }
        throw Fault(
            .refused,
            """
            The store of \(data) was moved into a PostgreSQL database (\(path).moved is what it was). Name that database: \
            `database:` in the configuration file, SALUS_DATABASE, or --database.
            """)
    }
}
