// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import ResticFormat

/// What taking out came to.
struct PruneOutput {
    let options: RepositoryOptions
    let isDryRun: Bool

    func print(_ counts: PruneCounts) {
        if options.json { return printJSON(counts) }
        guard !options.quiet else { return }
        let size = { (bytes: UInt64) in ByteText.of(Int64(clamping: bytes)) }
        let would = isDryRun ? "Would be freed: " : "Freed: "
        Terminal.line("Used by snapshots: \(counts.usedBlobs) blobs, \(size(counts.usedBytes)).")
        Terminal.line(
            "\(would)\(size(counts.freedBytes)) in \(counts.unusedPacks) packs that went and "
                + "\(counts.repackedPacks) that were packed anew.")
        Terminal.line("Left although nobody needs it: \(size(counts.leftUnusedBytes)).")
    }

    private func printJSON(_ counts: PruneCounts) {
        let number = { (value: UInt64) in CanonicalValue.integer(Int64(clamping: value)) }
        Terminal.json([
            "message_type": "summary", "dry_run": .boolean(isDryRun),
            "blobs": [
                "used": .integer(Int64(counts.usedBlobs)), "unused": .integer(Int64(counts.unusedBlobs)),
                "repack": .integer(Int64(counts.repackedBlobs)), "repack_remove": .integer(Int64(counts.droppedBlobs)),
                "remove": .integer(Int64(counts.removedBlobs)),
            ],
            "bytes": [
                "used": number(counts.usedBytes), "unused": number(counts.unusedBytes),
                "unreferenced": number(counts.unindexedBytes), "repack": number(counts.repackedBytes),
                "repack_remove": number(counts.droppedBytes), "remove": number(counts.removedBytes),
                "remove_total": number(counts.freedBytes), "remaining_unused": number(counts.leftUnusedBytes),
            ],
            "packfiles": [
                "total": .integer(Int64(counts.packs)), "repack": .integer(Int64(counts.repackedPacks)),
                "remove": .integer(Int64(counts.unusedPacks)),
            ],
        ])
    }
}
