// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// Which packs a check reads from beginning to end.
enum ReadSubset: Equatable, Sendable {
    case none
    case all
    /// The nth of so many parts, so that runs on several days read everything once.
    case part(Int, of: Int)
    /// So many per cent, by chance.
    case percent(Double)
    /// About so many bytes, by chance.
    case bytes(Int)

    /// As `--read-data-subset` takes it: `1/5`, `2.5%`, `10G`; nil for anything else.
    init?(_ text: String) {
        if text.utf8.contains(UInt8(ascii: "/")) {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
            guard parts.count == 2, let part = parts[0], let count = parts[1], 1...256 ~= count, 1...count ~= part
            else { return nil }
            self = .part(part, of: count)
        } else if text.utf8.last == UInt8(ascii: "%") {
            guard let share = Double(text.dropLast()), share > 0, share <= 100 else { return nil }
            self = .percent(share)
        } else {
            guard let bytes = ByteText.parse(text), bytes > 0 else { return nil }
            self = .bytes(bytes)
        }
    }

    /// The packs that are read.
    func choose(
        from packs: [(id: ObjectID, length: Int)], using generator: inout some RandomNumberGenerator
    ) -> [(id: ObjectID, length: Int)] {
        switch self {
        case .none: return []
        case .all: return packs
        case .part(let part, let count):
            return packs.filter { Int($0.id.bytes[0]) % count == part - 1 }
        case .percent(let share):
            let count = Int((Double(packs.count) * share / 100).rounded(.up))
            return Array(packs.shuffled(using: &generator).prefix(max(1, count)))
        case .bytes(let limit):
            var sum = 0
            return packs.shuffled(using: &generator).prefix { pack in
                guard sum < limit else { return false }
                sum += pack.length
                return true
            }
        }
    }
}
