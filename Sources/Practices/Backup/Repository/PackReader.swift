// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// Reads many blobs of a pack in few pieces.
struct PackReader: Sendable {
    let repository: Repository

    /// What is read although nobody asked for it, if it lies between two blobs: one reading less is worth that.
    private static let gap = 256 << 10
    /// The longest piece, unless one blob is longer.
    var piece = 8 << 20

    /// Some blobs of a pack as they were read, in one piece.
    struct Piece: Sendable {
        let bytes: [UInt8]
        /// Where in the pack the bytes begin.
        let start: Int
        let blobs: [PackedBlob]
    }

    /// Gives the stored form of blobs one after another, unopened.
    ///
    /// - Parameter blobs: by their place in the pack.
    /// - Throws: `PlaceError`, `BlobError.damaged` when the pack is missing or too short, and what `body` throws.
    func each(
        _ blobs: [PackedBlob], in pack: ObjectID, _ body: (PackedBlob, [UInt8]) async throws -> Void
    ) async throws {
        try await pieces(blobs, in: pack) { piece in
            for blob in piece.blobs {
                try Task.checkCancellation()
                try await body(blob, Array(piece.bytes[Int(blob.offset) - piece.start..<blob.end - piece.start]))
            }
        }
    }

    /// Gives blobs in the pieces in which they are read.
    ///
    /// - Parameter blobs: by their place in the pack.
    /// - Throws: as ``each(_:in:_:)``.
    func pieces(_ blobs: [PackedBlob], in pack: ObjectID, _ body: (Piece) async throws -> Void) async throws {
        var rest = blobs[...]
        while let first = rest.first {
            var end = first.end
            let count = rest.prefix { blob in
                let fits = blob.end <= Int(first.offset) + piece && Int(blob.offset) <= end + Self.gap
                guard fits || blob == first, blob.end >= end else { return false }
                end = blob.end
                return true
            }.count
            let start = Int(first.offset)
            guard let bytes = try await repository.place.read(RepositoryFile(.data, pack), start..<end) else {
                throw BlobError.damaged(first.handle, ["pack \(pack.short) is missing"])
            }
            try await body(Piece(bytes: bytes, start: start, blobs: Array(rest.prefix(count))))
            rest = rest.dropFirst(count)
        }
    }
}

extension PackedBlob {
    /// Where it ends in its pack.
    var end: Int { Int(offset) + Int(length) }
}
