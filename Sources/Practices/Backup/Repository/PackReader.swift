// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// Reads many blobs of a pack in few pieces.
struct PackReader: Sendable {
    let repository: Repository

    /// What is read although nobody asked for it, if it lies between two blobs: one reading less is worth that.
    private static let gap = 256 << 10
    /// The longest piece, unless one blob is longer.
    private static let piece = 8 << 20

    /// Gives the stored form of blobs one after another, unopened.
    ///
    /// - Parameter blobs: by their place in the pack.
    /// - Throws: `PlaceError`, `BlobError.damaged` when the pack is missing or too short, and what `body` throws.
    func each(
        _ blobs: [PackedBlob], in pack: ObjectID, _ body: (PackedBlob, [UInt8]) async throws -> Void
    ) async throws {
        var rest = blobs[...]
        while let first = rest.first {
            var end = first.end
            let count = rest.prefix { blob in
                let fits = blob.end <= Int(first.offset) + Self.piece && Int(blob.offset) <= end + Self.gap
                guard fits || blob == first, blob.end >= end else { return false }
                end = blob.end
                return true
            }.count
            let start = Int(first.offset)
            guard let bytes = try await repository.place.read(RepositoryFile(.data, pack), start..<end) else {
                throw BlobError.damaged(first.handle, ["pack \(pack.short) is missing"])
            }
            for blob in rest.prefix(count) {
                try Task.checkCancellation()
                try await body(blob, Array(bytes[Int(blob.offset) - start..<blob.end - start]))
            }
            rest = rest.dropFirst(count)
        }
    }
}

extension PackedBlob {
    /// Where it ends in its pack.
    var end: Int { Int(offset) + Int(length) }
}
