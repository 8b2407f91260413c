// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

extension TileError {
    /// What is wrong and where, for the person who has to look.
    var place: String {
        switch self {
        case .tileMismatch(let path): "\(path): does not hash to what the tile above it says"
        case .entryMismatch(let index):
            "entry \(index) (\(Self.bundle(of: index))): does not hash to what its tile says"
        case .wrongLength(let path, let expected, let found): "\(path): has \(found) bytes instead of \(expected)"
        case .badBundle(let path): "\(path): does not hold the entries that it should"
        default: "\(self)"
        }
    }

    private static func bundle(of index: UInt64) -> String {
        TilePath.holding(index, of: .entries, inTreeOf: .max)?.description ?? "entries"
    }
}
