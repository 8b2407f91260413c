// SPDX-License-Identifier: Apache-2.0

import Codecs
import FHIRBundle
import Kernel
import Keyring

/// What the search and the head of a chart show of a patient; sealed apart from the records.
package struct SearchCard: Sendable, Equatable {
    /// The family name.
    package var family = ""
    /// The given names.
    package var given = ""
    /// `1980`, `1980-05` or `1980-05-31`; empty when unknown.
    package var birthDate = ""
    /// `male`, `female`, `other`, `unknown`; empty when it is not said.
    package var sex = ""
    /// Record numbers and others.
    package var identifiers: [Number] = []
    /// Whether the patient is said to be dead.
    package var isDeceased = false
    /// When the patient died, as far as that is known.
    package var deceasedAt = ""
    /// Whether the record is in use.
    package var isActive = true
    /// Whether another record took this one's place.
    package var isReplaced = false

    /// Whether the card lies in the store and does not open, so that nothing of it is known.
    package var isDamaged = false

    /// The elements of the Patient that the reader does not get, so that nobody takes them for unknown.
    package var hidden: Set<Element> = []

    /// What of a Patient stands on a card.
    package enum Element: String, Sendable, CaseIterable {
        case name
        case birthDate
        case sex = "gender"
        case identifiers = "identifier"
        case death = "deceased"
        case isActive = "active"
        case links = "link"
    }

    /// A number that somebody gave the patient.
    package struct Number: Sendable, Equatable {
        /// What kind of number, `MR`.
        package let type: String
        /// The number.
        package let value: String
    }

    /// An empty card.
    package init() {}

    /// The card of a Patient resource.
    init(_ patient: JSONNode) {
        let card = PatientCard.extract(patient)
        family = card.family ?? card.nameText ?? ""
        given = card.given.joined(separator: " ")
        birthDate = card.birthDate?.text ?? ""
        sex = card.gender ?? ""
        identifiers = card.identifiers.prefix(32).map { Number(type: $0.typeCode ?? "", value: $0.value) }
        isDeceased = card.isDeceased
        deceasedAt = card.deceasedAt ?? ""
        isActive = patient["active"]?.bool ?? true
        isReplaced = patient["link"]?.elements.contains { $0["type"]?.means("replaced-by") ?? false } ?? false
    }

    /// The card without what is masked. It has no parts of elements, so what masks a part of one masks all of it.
    func masked(by masking: Masking) -> SearchCard {
        if masking.isEmpty { return self }
        var card = self
        card.hidden = Set(Element.allCases.filter { masking.touches($0.rawValue, of: "Patient") })
        if card.hidden.contains(.name) { (card.family, card.given) = ("", "") }
        if card.hidden.contains(.birthDate) { card.birthDate = "" }
        if card.hidden.contains(.sex) { card.sex = "" }
        if card.hidden.contains(.identifiers) { card.identifiers = [] }
        if card.hidden.contains(.death) { (card.isDeceased, card.deceasedAt) = (false, "") }
        if card.hidden.contains(.isActive) { card.isActive = true }
        if card.hidden.contains(.links) { card.isReplaced = false }
        if masking.cutsDates {
            card.birthDate = String(card.birthDate.prefix(4))
            card.deceasedAt = String(card.deceasedAt.prefix(4))
        }
        return card
    }

    /// Family name first.
    package var name: String {
        [family, given].filter { !$0.isEmpty }.joined(separator: ", ")
    }

    /// The medical record number, else the first number.
    package var recordNumber: String? {
        (identifiers.first { $0.type.utf8.elementsEqual("MR".utf8) } ?? identifiers.first)?.value
    }
}

extension SearchCard {
    private static func context(_ patient: Identifier<Patient>) -> SealingContext {
        SealingContext(kind: "patient-card", id: patient.bytes)
    }

    /// The card under the cards' key.
    func seal(_ key: OpenKey, for patient: Identifier<Patient>) throws -> [UInt8] {
        do {
            return try key.seal(try encoded.encode(), Self.context(patient))
        } catch let error as CanonicalError {
            throw Fault(.internal, "A patient's card could not be written.", cause: error)
        }
    }

    /// Opens a card.
    ///
    /// - Throws: `Fault.damaged` when it was changed or belongs to another patient.
    init(opening sealed: [UInt8], _ key: OpenKey, of patient: Identifier<Patient>) throws {
        guard let value = try? CanonicalValue.decode(try key.open(sealed, Self.context(patient))) else {
            throw Fault(.damaged, "A patient's card does not open: it was changed, moved, or its key is gone.")
        }
        self.init(decoding: value)
    }

    /// Opens a card for a page that has more to show than it: a card that does not open is blank, and says so.
    init(showing sealed: [UInt8], _ key: OpenKey, of patient: Identifier<Patient>) {
        do {
            try self.init(opening: sealed, key, of: patient)
        } catch {
            self.init()
            isDamaged = true
        }
    }

    private var encoded: CanonicalValue {
        let numbers = identifiers.map { CanonicalValue.array([.string($0.type), .string($0.value)]) }
        return [
            "family": .string(family), "given": .string(given), "birth": .string(birthDate), "sex": .string(sex),
            "numbers": .array(numbers), "deceased": .boolean(isDeceased), "deceasedAt": .string(deceasedAt),
            "active": .boolean(isActive), "replaced": .boolean(isReplaced),
        ]
    }

    private init(decoding value: CanonicalValue) {
        family = value["family"]?.stringValue ?? ""
        given = value["given"]?.stringValue ?? ""
        birthDate = value["birth"]?.stringValue ?? ""
        sex = value["sex"]?.stringValue ?? ""
        identifiers = (value["numbers"]?.arrayValue ?? []).compactMap { pair in
            guard let type = pair[0]?.stringValue, let number = pair[1]?.stringValue else { return nil }
            return Number(type: type, value: number)
        }
        isDeceased = value["deceased"]?.booleanValue ?? false
        deceasedAt = value["deceasedAt"]?.stringValue ?? ""
        isActive = value["active"]?.booleanValue ?? true
        isReplaced = value["replaced"]?.booleanValue ?? false
    }
}
