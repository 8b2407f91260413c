// SPDX-License-Identifier: Apache-2.0

import Codecs
import Crypto
import Kernel

/// What stands for a text of rules, and for what would be different under it.
enum RuleText {
    /// SHA-256 of a text. 32 bytes.
    static func digest(_ text: [UInt8]) -> [UInt8] {
        Array(SHA256.hash(data: text))
    }
}

extension Impact {
    /// What stands for these gains of this text over that version. 32 bytes.
    ///
    /// How many charts are concerned does not count: patients come and go while somebody reads. Who gains what, and on
    /// which kind of chart, does.
    func digest(of text: [UInt8], over version: Int64) throws -> [UInt8] {
        let value: CanonicalValue = [
            "format": .string("salus/impact/v2"), "text": .string(Hex.encode(RuleText.digest(text))),
            "version": .integer(version),
            "gains": .array(Set(gains.keys.map(\.words)).sorted().map { .string($0) }),
            "later": .array(
                Set(laterGains.keys.map { "\($0.from.rfc3339) \($0.line.words)" }).sorted().map { .string($0) }),
            "possible": .array(possible.map { "\($0.role) \($0.action)" }.sorted().map { .string($0) }),
        ]
        return Array(SHA256.hash(data: try value.encode()))
    }
}

extension Impact.Line {
    /// The line in one word after the other, the same for the same line.
    fileprivate var words: String {
        let change =
            switch self.change {
            case .gained: "gained"
            case .lost: "lost"
            case .shown(let paths): "shown \(paths.joined(separator: ","))"
            case .hidden(let paths): "hidden \(paths.joined(separator: ","))"
            }
        let thing =
            switch self.thing {
            case .clinic: "clinic"
            case .chart(let relation, let holds):
                "chart \(relation.rawValue) \(holds.map(\.rawValue).sorted().joined(separator: ","))"
            case .own: "own"
            case .others: "others"
            case .of(let person): "of \(person)"
            }
        return "\(who.reference) \(action) \(thing) \(change)"
    }
}

extension Impact.Who {
    /// Type and id.
    var reference: String {
        switch self {
        case .person(let id): "person:\(id)"
        case .visitor: "anonymous:"
        case .application(let id): "application:\(id ?? "")"
        case .operator(let id): "operator:\(id ?? "")"
        case .system: "system:"
        }
    }
}
