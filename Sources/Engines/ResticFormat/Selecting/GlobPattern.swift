// SPDX-License-Identifier: Apache-2.0

import Codecs

/// A pattern for one name, as Go's `path.Match` reads it: `*`, `?`, `[a-z]`, `[^a-z]` and `\` before a sign that stands
/// for itself. Bytes that are no UTF-8 are characters of their own.
struct GlobPattern: Sendable {
    private enum Piece: Sendable {
        case star
        case any
        case character(UInt32)
        case set([ClosedRange<UInt32>], isNegated: Bool)
    }

    private let pieces: [Piece]

    /// Nil for a bracket without end and for a backslash at the end.
    init?(_ text: [UInt8]) {
        var rest = Self.characters(of: text)[...]
        var pieces: [Piece] = []
        while let character = rest.popFirst() {
            switch character {
            case 0x2A: pieces.append(.star)
            case 0x3F: pieces.append(.any)
            case 0x5B:
                guard let set = Self.set(&rest) else { return nil }
                pieces.append(set)
            case 0x5C:
                guard let next = rest.popFirst() else { return nil }
                pieces.append(.character(next))
            default: pieces.append(.character(character))
            }
        }
        self.pieces = pieces
    }

    private static func set(_ rest: inout ArraySlice<UInt32>) -> Piece? {
        let isNegated = rest.first == 0x5E
        if isNegated { rest = rest.dropFirst() }
        var ranges: [ClosedRange<UInt32>] = []
        while true {
            if rest.first == 0x5D, !ranges.isEmpty {
                rest = rest.dropFirst()
                return .set(ranges, isNegated: isNegated)
            }
            guard let low = member(&rest) else { return nil }
            var high = low
            if rest.first == 0x2D {
                rest = rest.dropFirst()
                guard let end = member(&rest) else { return nil }
                high = end
            }
            // A range that runs backwards holds nothing.
            ranges.append(low <= high ? low...high : UInt32.max...UInt32.max)
        }
    }

    private static func member(_ rest: inout ArraySlice<UInt32>) -> UInt32? {
        guard let character = rest.popFirst(), character != 0x2D, character != 0x5D else { return nil }
        return character == 0x5C ? rest.popFirst() : character
    }

    /// Linear in the name for each star: on a mismatch only the last star takes one character more.
    func matches(_ name: [UInt8]) -> Bool {
        let characters = Self.characters(of: name)
        var (piece, place) = (0, 0)
        var retry: (piece: Int, place: Int)?
        while place < characters.count {
            if piece < pieces.count, case .star = pieces[piece] {
                retry = (piece, place)
                piece += 1
            } else if piece < pieces.count, Self.matches(pieces[piece], characters[place]) {
                (piece, place) = (piece + 1, place + 1)
            } else if let last = retry {
                retry = (last.piece, last.place + 1)
                (piece, place) = (last.piece + 1, last.place + 1)
            } else {
                return false
            }
        }
        return pieces[piece...].allSatisfy { if case .star = $0 { true } else { false } }
    }

    private static func matches(_ piece: Piece, _ character: UInt32) -> Bool {
        switch piece {
        case .star, .any: true
        case .character(let wanted): wanted == character
        case .set(let ranges, let isNegated): ranges.contains { $0.contains(character) } != isNegated
        }
    }

    /// The characters of a name; a byte that belongs to none is a number past all of them.
    private static func characters(of name: [UInt8]) -> [UInt32] {
        var characters: [UInt32] = []
        characters.reserveCapacity(name.count)
        var place = 0
        while place < name.count {
            let length = UTF8Sequence.length(in: name, at: place, end: name.count)
            switch length {
            case 0: characters.append(0x8000_0000 | UInt32(name[place]))
            case 1: characters.append(UInt32(name[place]))
            default:
                var value = UInt32(name[place]) & (0x7F >> UInt32(length))
                for next in place + 1..<place + length { value = value << 6 | UInt32(name[next] & 0x3F) }
                characters.append(value)
            }
            place += max(length, 1)
        }
        return characters
    }
}
