// SPDX-License-Identifier: Apache-2.0

import Codecs

/// How to tell what in a record is, or leads to, a record of a class that is not there for the reader.
struct Concealment {
    /// Whether a reference, by its text, leads to a record that the reader must not know of.
    let leadsToHidden: (String) -> Bool
    /// Whether a resource that lies inside another is not there for the reader.
    let isHidden: (JSONNode) -> Bool
    /// The ids of those inside this record that are not there.
    private let hiddenInside: Set<[UInt8]>
    /// Whether the record contains or refers to something that is not there, so that its texts may repeat it.
    let touches: Bool

    /// The concealment for one record.
    init(in root: JSONNode, leadsToHidden: @escaping (String) -> Bool, isHidden: @escaping (JSONNode) -> Bool) {
        (self.leadsToHidden, self.isHidden) = (leadsToHidden, isHidden)
        let inside = root.values(named: "contained").flatMap { $0.kind == .array ? Array($0.elements) : [$0] }
        let hidden = inside.filter(isHidden)
        hiddenInside = Set(hidden.compactMap { $0["id"]?.utf8 })
        touches =
            !hidden.isEmpty
            || ["reference", "url"].contains { name in
                root.values(named: name).contains { $0.string.map(leadsToHidden) ?? false }
            }
    }

    /// Whether a reference leads to a resource inside the record that is not there: it stays, without the other's name.
    func leadsInside(_ text: String) -> Bool {
        guard let mark = text.utf8.lastIndex(of: UInt8(ascii: "#")) else { return false }
        return hiddenInside.contains(Array(text.utf8[mark...].dropFirst()))
    }

    /// The elements in which people write freely about what a record refers to, in a record of this type.
    static func texts(of type: String) -> [String] {
        ["*.note", "*.conclusion", "*.presentedForm", "*.attachment", "*.summary", "\(type).description"]
    }
}
