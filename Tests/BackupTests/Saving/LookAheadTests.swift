// SPDX-License-Identifier: Apache-2.0

import Foundation
import ResticFormat
import TestSupport
import Testing

@testable import Backup

/// What whoever watches is told of long work.
struct LookAheadTests {
    @Test func whatIsLeftOutIsNotCounted() async throws {
        try await TemporaryFolder.with { folder in
            try FileManager.default.createDirectory(atPath: folder + "/a/b", withIntermediateDirectories: true)
            for (name, length) in [("a/one", 10), ("a/b/two", 20), ("a/b/note.tmp", 40), ("other", 80)] {
                try Data(count: length).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
            }
            try FileManager.default.createSymbolicLink(atPath: folder + "/a/link", withDestinationPath: "/etc")
            var exclusions = Exclusions()
            exclusions.patterns = PathPatterns(try PatternFile.patterns(["*.tmp"]))
            let progress = BackupProgress()
            try await LookAhead(exclusions: exclusions).count([folder + "/a", folder + "/gone"], for: progress)
            #expect(progress.now.totalFiles == 2 && progress.now.totalBytes == 30)
        }
    }

    @Test func theEndIsForeseen() {
        #expect(
            WorkLine.text(files: 3, bytes: 50_000_000, of: 200_000_000, after: 10)
                == "█████░░░░░░░░░░░░░░░ 25 %  3 files, 50.0 MB, 5.0 MB/s, 30 s left")
        #expect(WorkLine.text(files: 0, bytes: 0, of: nil, after: 1) == "0 files, 0 bytes, 0 bytes/s")
        #expect(WorkLine.text(files: 1, bytes: 1, of: 1_000_000_000_000, after: 100).hasSuffix("h 46 min left"))
    }
}
