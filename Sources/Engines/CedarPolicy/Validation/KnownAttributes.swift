// SPDX-License-Identifier: Apache-2.0

extension ValidationError {
    /// The attributes that something has, for whoever asked for another one: those that are spelt most like it come first.
    public struct KnownAttributes: Sendable, Hashable, CustomStringConvertible {
        /// Some of them, at most `most`.
        public let names: [Text]
        /// How many there are besides.
        public let others: Int

        /// How many are named.
        public static let most = 6
        /// Of a type with more attributes none are named: to compare them all would cost more than their list tells.
        private static let compared = 200
        /// In bytes; a longer name is not named.
        private static let longest = 64

        /// Whether there are none at all.
        public var isEmpty: Bool { names.isEmpty && others == 0 }

        /// Those of `declared` that are most like `wanted`.
        init(_ declared: [Text], like wanted: Text, _ steps: inout Steps) throws(Steps.Exhausted) {
            guard declared.count <= Self.compared else {
                (names, others) = ([], declared.count)
                return
            }
            try steps.spend(declared.count)
            let ranked = declared.filter { $0.utf8.count <= Self.longest }
                .map { (likeness: Self.likeness($0, wanted), name: $0) }
                .sorted { $0.likeness == $1.likeness ? $0.name < $1.name : $0.likeness > $1.likeness }
            names = ranked.prefix(Self.most).map(\.name)
            others = declared.count - names.count
        }

        /// In plain words, such as: it has `key`, `isActive` and 3 others.
        public var description: String {
            var parts = names.map { "`\($0)`" }
            let more = names.isEmpty ? "attribute" : "other"
            if others > 0 { parts.append("\(others) \(more)\(others == 1 ? "" : "s")") }
            guard let last = parts.popLast() else { return "it has none" }
            return "it has " + (parts.isEmpty ? last : "\(parts.joined(separator: ", ")) and \(last)")
        }

        /// How many letters two names share at their beginnings and ends, capitals or not: enough to put what was meant
        /// first, and quick.
        private static func likeness(_ left: Text, _ right: Text) -> Int {
            let (left, right) = (left.utf8.map(lower), right.utf8.prefix(longest).map(lower))
            let start = zip(left, right).prefix { $0 == $1 }.count
            let end = zip(left.reversed(), right.reversed()).prefix { $0 == $1 }.count
            return min(start + end, left.count, right.count)
        }

        private static func lower(_ byte: UInt8) -> UInt8 {
            UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
        }
    }
}
