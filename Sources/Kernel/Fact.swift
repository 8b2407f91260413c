// SPDX-License-Identifier: Apache-2.0

package import Codecs

/// A kind of fact that may be written to the evidence log, with its version in the name.
///
/// Kinds are an on-disk format for ever: never renamed, never changed; a new shape gets a new version.
package struct FactKind: Sendable, Hashable {
    /// `<module>.<what-happened>.v<version>`, such as `identity.signed-in.v1`.
    package let id: String
    /// What it says, in plain words: `Signed in`.
    package let title: String

    /// The kind with this id.
    package init(_ id: String, _ title: String) {
        self.id = id
        self.title = title
    }
}

/// Something that happened, told to the rest of the house and to auditors.
///
/// Holds no patient data and no free text: ids, counts, codes and salted commitments only.
package struct Fact: Sendable {
    /// What kind of thing happened.
    package let kind: FactKind
    /// Who did it.
    package let actor: EntityReference
    /// When it took effect, where that differs from when it was recorded.
    package let effective: Instant?
    /// Whom it is about: the patient's pseudonym, which dies with the patient's key. 16 bytes.
    package let on: [UInt8]?
    /// The particulars, by name.
    package let data: [CanonicalMember]

    /// A fact.
    package init(
        _ kind: FactKind, by actor: EntityReference, on: [UInt8]? = nil, effective: Instant? = nil,
        _ data: [CanonicalMember] = []
    ) {
        self.kind = kind
        self.actor = actor
        self.effective = effective
        self.on = on
        self.data = data
    }
}
