// SPDX-License-Identifier: Apache-2.0

extension WordList {
    /// The number of the word that these lower-case letters are, or begin with at least four of its letters.
    package static func number(of typed: [UInt8]) -> Int? {
        guard typed.count >= 3 else { return nil }
        var range = 0..<letters.count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if letters[middle].lexicographicallyPrecedes(typed) {
                range = middle + 1..<range.upperBound
            } else {
                range = range.lowerBound..<middle
            }
        }
        // The first word not before the typed letters is also the first that begins with them.
        guard range.lowerBound < letters.count else { return nil }
        let word = letters[range.lowerBound]
        let isMeant = word == typed || (typed.count >= 4 && word.starts(with: typed))
        return isMeant ? range.lowerBound : nil
    }

    /// Up to three words within two mistakes of the typed letters, nearest first.
    package static func nearest(to typed: [UInt8]) -> [String] {
        guard typed.count <= 12 else { return [] }
        let near = letters.indices.map { (distance: distance(letters[$0], typed), number: $0) }
        let best = near.filter { $0.distance <= 2 }.sorted { ($0.distance, $0.number) < ($1.distance, $1.number) }
        return best.prefix(3).map { words[$0.number] }
    }

    /// How many letters were left out, added, changed, or swapped with their neighbour.
    private static func distance(_ word: [UInt8], _ typed: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...typed.count)
        for row in word.indices {
            var current = [row + 1]
            for column in typed.indices {
                let change = last[column] + (word[row] == typed[column] ? 0 : 1)
                var best = min(change, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, word[row] == typed[column - 1], word[row - 1] == typed[column] {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[typed.count]
    }
}
