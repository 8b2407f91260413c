// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
package import Kernel
import Ledger
import Store

/// A patient as the search shows them.
package struct FoundPatient: Sendable {
    /// The patient's id in this house.
    package let id: Identifier<Patient>
    /// What is shown.
    package let card: SearchCard
}

/// What a search found.
package struct PatientMatches: Sendable {
    /// The first of them, by name.
    package let patients: [FoundPatient]
    /// How many there are.
    package let total: Int
    /// How many patients the house has.
    package let known: Int
    /// Those whose name, birth date and numbers do not open, so that no search finds them; by id.
    let damaged: [Identifier<Patient>]
    /// Whether the reader does not get their names.
    package let isNameHidden: Bool
}

extension RecordStore {
    /// How many patients are shown at most.
    package static let shownPatients = 100

    /// The patients on whose card each word of `query` begins a name, a birth date or a number; all for no words.
    ///
    /// What `masks` name is blank on the cards and in the comparison. Cards are sealed, so each search opens all of
    /// them: some 7 microseconds each. The leaf is committed before anything is returned.
    package func search(
        _ query: String, actor: EntityReference, masks: [String]
    ) async throws -> PatientMatches {
        let wanted = SearchWords(query)
        let masking = Masking(masks)
        let (known, found, damaged) = try await house.store.read { [cardKey] tx in
            var known = 0
            var found: [FoundPatient] = []
            var damaged: [Identifier<Patient>] = []
            try tx.forEachRow("SELECT id, card FROM vault_patients ORDER BY id", []) { row in
                guard let id = Identifier<Patient>(bytes: try row.bytes(0)) else {
                    throw Fault(.damaged, "A row of the patients has an id that is none.")
                }
                known += 1
                // Masked before it is compared: a search must not find out what it may not show.
                let card = SearchCard(showing: try row.bytes(1), cardKey, of: id).masked(by: masking)
                if card.isDamaged {
                    damaged.append(id)
                } else if wanted.match(card) {
                    found.append(FoundPatient(id: id, card: card))
                }
                return true
            }
            return (known, found, damaged)
        }
        try await house.care { tx in
            try DamagedCards.report(damaged, in: tx)
            try tx.record(
                Fact(VaultFacts.patientsSearched, by: actor, [.init("results", .integer(Int64(found.count)))]))
        }
        // By name; where names are hidden there are none, and a stable order leaves them by id.
        let sorted = found.map { (key: Folding.fold($0.card.name), patient: $0) }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.patient)
        return PatientMatches(
            patients: Array(sorted.prefix(Self.shownPatients)), total: found.count, known: known, damaged: damaged,
            isNameHidden: masking.touches("name", of: "Patient"))
    }
}

/// The words of a query, folded; each one has to begin a word of the card.
struct SearchWords {
    private let words: [[UInt8]]

    init(_ query: String) {
        words = query.split(whereSeparator: { $0.isWhitespace || $0 == "," || $0 == ";" }).prefix(12).flatMap { part in
            Self.isoDate(part).map { [$0] } ?? Folding.words(String(part)).map { $0 }
        }
    }

    /// Whether the card has all of them.
    func match(_ card: SearchCard) -> Bool {
        if words.isEmpty { return true }
        let texts =
            Folding.words("\(card.family) \(card.given)") + [Array(card.birthDate.utf8)]
            + card.identifiers.flatMap { number in
                Folding.words(number.value) + [Folding.words(number.value).flatMap { $0 }]
            }
        return words.allSatisfy { word in texts.contains { $0.starts(with: word) } }
    }

    /// A date as the card has it: `1980-05-31` and its beginnings as they are, `31.5.1980` turned round.
    private static func isoDate(_ text: Substring) -> [UInt8]? {
        let bytes = Array(text.utf8)
        let isISO =
            bytes.count > 4 && bytes[4] == UInt8(ascii: "-") && bytes.count <= 10
            && bytes.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || $0 == UInt8(ascii: "-") }
        if isISO { return bytes }
        let parts = text.split(separator: ".").map(String.init)
        guard parts.count == 3, parts[2].utf8.count == 4, let day = Int(parts[0]), let month = Int(parts[1]),
            1...31 ~= day, 1...12 ~= month
        else { return nil }
        return Array("\(parts[2])-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)".utf8)
    }
}
