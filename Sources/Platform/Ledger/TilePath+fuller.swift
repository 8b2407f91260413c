// SPDX-License-Identifier: Apache-2.0

import Kernel
import TransparencyLog

extension TilePath {
    /// The bytes of this tile from `read`; where it is gone, the beginning of a fuller one (tlog-tiles, "Partial
    /// Tiles"): the sequencer removes a partial tile once a fuller one is published.
    ///
    /// - Throws: `Fault.damaged` when there is none, and what `read` throws.
    func bytes(_ read: (TilePath) throws -> [UInt8]?) throws -> [UInt8] {
        // Twice, because the fuller one may itself be replaced between two looks.
        for _ in 0..<2 {
            if let bytes = try read(self) { return bytes }
            for width in stride(from: Self.fullWidth, to: width, by: -1) {
                let fuller = try TilePath(content: content, index: index, width: width)
                if let bytes = try read(fuller) { return try beginning(of: bytes, at: fuller) }
            }
        }
        throw Fault(.damaged, "\(self) of the log is missing.")
    }

    private func beginning(of bytes: [UInt8], at fuller: TilePath) throws -> [UInt8] {
        switch content {
        case .hashes: Array(bytes.prefix(width * MerkleHash.byteCount))
        case .entries: try EntryBundle.encode(try EntryBundle.decode(bytes, at: fuller).prefix(width))
        }
    }

    /// The tile in a tree of `size` leaves that holds what this one holds; nil when the tree has none there.
    func counterpart(inTreeOf size: UInt64) -> TilePath? {
        guard index <= UInt64.max >> 8 else { return nil }
        return TilePath.holding(index << 8, of: content, inTreeOf: size)
    }
}
