// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Other people's test data, which is not part of the repository.
package enum Corpora {
    /// The folder that holds them: `SALUS_CORPORA`, else `../shared/corpora` beside the repository.
    ///
    /// Without one this says so once and is nil; under `CI=true` the test that asks must then fail.
    package static let folder: String? = {
        let found = candidates.first { FileManager.default.fileExists(atPath: $0) }
        if found == nil { print("SKIPPED: no corpora; set SALUS_CORPORA to their folder") }
        return found
    }()

    private static var candidates: [String] {
        if let named = ProcessInfo.processInfo.environment["SALUS_CORPORA"] { return [named] }
        var folder = URL(fileURLWithPath: #filePath)
        var found: [String] = []
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            found.append(folder.deletingLastPathComponent().path + "/shared/corpora")
        }
        return found
    }
}
