// SPDX-License-Identifier: Apache-2.0

package import Codecs
package import Kernel

/// One entry of the evidence log, as it is written and hashed.
///
/// RFC 8785 canonical JSON: `{actor, at, data, effective?, id, kind, on?, v}`, at most 8 KiB. An on-disk format for
/// ever: golden tests hold it.
package struct Leaf: Sendable {
    /// The longest leaf in bytes.
    package static let longest = 8_192

    /// The leaf's own id.
    package let id: Identifier<Kernel.Leaf>
    /// The kind of fact.
    package let kind: String
    /// When it was recorded.
    package let at: Instant
    /// When it took effect, if that was another time.
    package let effective: Instant?
    /// When it was recorded; of an entry of a demonstration's invented past, when it is said to have been.
    package var happened: Instant { data["synthetic"] == .boolean(true) ? effective ?? at : at }
    /// Who acted.
    package let actor: EntityReference
    /// The pseudonym of whom it is about.
    package let on: [UInt8]?
    /// The particulars.
    package let data: CanonicalValue

    /// The leaf that tells `fact`, recorded at `at`.
    package init(_ fact: Fact, id: Identifier<Kernel.Leaf>, at: Instant) {
        self.id = id
        kind = fact.kind.id
        self.at = at
        effective = fact.effective
        actor = fact.actor
        on = fact.on
        data = .object(fact.data)
    }

    /// The bytes that are hashed and kept.
    ///
    /// - Throws: `Fault.internal` when the leaf is too long, holds what canonical JSON cannot, or has a U+0000 in
    ///   what the index keeps as text: the sequencer would stumble over that for ever.
    package func encoded() throws -> [UInt8] {
        guard ![kind, actor.type, actor.id].contains(where: { $0.utf8.contains(0) }) else {
            throw Fault(.internal, "The kind and the actor of a fact cannot hold U+0000.")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512)
        guard (try? write(to: &bytes)) != nil, bytes.count <= Self.longest else {
            throw Fault(.internal, "A fact of kind \(kind) does not fit into a leaf.")
        }
        return bytes
    }

    /// Writes the members in their canonical order: every act waits for this while it holds the store.
    private func write(to bytes: inout [UInt8]) throws(CanonicalError) {
        bytes.append(contentsOf: #"{"actor":{"id":"#.utf8)
        try CanonicalValue.string(actor.id).append(to: &bytes)
        bytes.append(contentsOf: #","type":"#.utf8)
        try CanonicalValue.string(actor.type).append(to: &bytes)
        bytes.append(contentsOf: #"},"at":"#.utf8)
        try CanonicalValue.integer(at.microseconds).append(to: &bytes)
        bytes.append(contentsOf: #","data":"#.utf8)
        try data.append(to: &bytes, depth: 1)
        if let effective {
            bytes.append(contentsOf: #","effective":"#.utf8)
            try CanonicalValue.integer(effective.microseconds).append(to: &bytes)
        }
        bytes.append(contentsOf: #","id":""#.utf8)
        bytes.append(contentsOf: id.description.utf8)
        bytes.append(contentsOf: #"","kind":"#.utf8)
        try CanonicalValue.string(kind).append(to: &bytes)
        if let on {
            bytes.append(contentsOf: #","on":""#.utf8)
            bytes.append(contentsOf: Hex.encode(on).utf8)
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(contentsOf: #","v":1}"#.utf8)
    }

    /// Reads a leaf.
    ///
    /// - Throws: `Fault.damaged` when the bytes are no canonical leaf of version 1.
    package init(decoding bytes: [UInt8]) throws {
        guard bytes.count <= Self.longest, let value = try? CanonicalValue.decode(bytes),
            value["v"]?.integerValue == 1, let kind = value["kind"]?.stringValue,
            let id = value["id"]?.stringValue.flatMap({ Identifier<Kernel.Leaf>($0) }),
            let at = value["at"]?.integerValue, let actorType = value["actor"]?["type"]?.stringValue,
            let actorID = value["actor"]?["id"]?.stringValue, let data = value["data"], data.objectValue != nil
        else { throw Self.unknown }
        self.id = id
        self.kind = kind
        self.at = Instant(microseconds: at)
        effective = value["effective"]?.integerValue.map(Instant.init(microseconds:))
        actor = EntityReference(type: actorType, id: actorID)
        on = value["on"]?.stringValue.flatMap(Hex.decodeLowercase)
        self.data = data
        // Whatever else it holds, or holds in another form, would not come back: it is no leaf of this version.
        guard try encoded() == bytes else { throw Self.unknown }
    }

    private static let unknown = Fault(
        .damaged, "An entry of the log is not a leaf of a version that this program knows.")
}
