// SPDX-License-Identifier: Apache-2.0

import ResticFormat
import Synchronization

/// Contexts for opening blobs, one for each thread that opens: they cost more to make than most blobs to open.
final class BlobOpeners: Sendable {
    private let openers: [Opener]

    private final class Opener: Sendable {
        let sealer = Mutex<BlobSealer?>(nil)
    }

    private let repository: Repository

    init(_ repository: Repository) {
        self.repository = repository
        openers = (0..<4).map { _ in Opener() }
    }

    /// The content of a stored blob.
    ///
    /// - Throws: `FormatError`.
    func open(_ stored: [UInt8], _ blob: PackedBlob) throws -> [UInt8] {
        try with { sealer in try sealer.open(stored.span, blob) }
    }

    /// The text of a stored folder.
    ///
    /// - Throws: `FormatError`.
    func text(of stored: [UInt8], _ blob: PackedBlob) throws -> TreeText {
        try with { sealer in try sealer.text(of: stored, blob) }
    }

    /// The contents of all blobs of a piece, one behind another.
    func open(_ piece: PackReader.Piece) throws -> OpenedPiece {
        try with { sealer in
            var content: [UInt8] = []
            content.reserveCapacity(piece.blobs.reduce(0) { $0 + $1.contentLength })
            let places = sealer.open(piece.bytes.span, from: piece.start, piece.blobs, into: &content)
            return OpenedPiece(content: content, places: places)
        }
    }

    /// Where nobody else works, and only where somebody works everywhere, behind another.
    private func with<Value: Sendable>(_ work: @Sendable (inout BlobSealer) throws -> Value) throws -> Value {
        for opener in openers {
            if let value = try opener.sealer.withLockIfAvailable({ try use(&$0, work) }) { return value }
        }
        return try openers[0].sealer.withLock { try use(&$0, work) }
    }

    private func use<Value: Sendable>(
        _ kept: inout BlobSealer?, _ work: @Sendable (inout BlobSealer) throws -> Value
    ) throws -> Value {
        var sealer = try kept.take() ?? BlobSealer(repository.key, version: repository.config.version)
        let value = Result { try work(&sealer) }
        kept = consume sealer
        return try value.get()
    }
}

/// The contents of some blobs, one behind another.
struct OpenedPiece: Sendable {
    let content: [UInt8]
    /// For each blob where its content stands, or why it has none.
    let places: [Result<Range<Int>, FormatError>]
}
