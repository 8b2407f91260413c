// SPDX-License-Identifier: Apache-2.0

/// The invented town and its surroundings. No such streets exist; the postal codes belong to an unassigned range.
enum Places {
    static let streets = [
        "Copperleaf Lane", "Old Ferry Road", "Quarry Steps", "Lanternmaker Street", "Seven Willows Avenue",
        "Millrace Way", "Heron Crescent", "Saltbarrel Row", "Upper Orchard Road", "Bellfounder Court",
        "Thistledown Drive", "Marrow Bridge Street", "Cartwright Close", "Foxglove Terrace", "North Mole Parade",
        "Weathercock Hill", "Ropewalk", "Larchfield Road", "Tinderbox Alley", "Candlewick Street",
    ]

    static let towns = [
        Town(name: "Lindenhaven", postalCode: "00112"), Town(name: "Lindenhaven", postalCode: "00114"),
        Town(name: "Marrowbridge", postalCode: "00121"), Town(name: "Saltbarrel Bay", postalCode: "00127"),
        Town(name: "Upper Larchfield", postalCode: "00133"),
    ]

    struct Town {
        let name: String
        let postalCode: String
    }
}

/// `name` in lower-case ASCII letters and hyphens, for an address: accents fall away, other signs are dropped.
func mailboxName(_ name: String) -> String {
    var letters = ""
    for scalar in name.unicodeScalars {
        switch scalar {
        case "a"..."z", "-": letters.unicodeScalars.append(scalar)
        case "A"..."Z": letters += scalar.properties.lowercaseMapping
        default: letters += unaccented[scalar] ?? ""
        }
    }
    return letters
}

private let unaccented: [Unicode.Scalar: String] = [
    "á": "a", "ä": "a", "č": "c", "ç": "c", "è": "e", "é": "e", "É": "e", "í": "i", "ı": "i", "ñ": "n", "ó": "o",
    "ö": "o", "Ö": "o", "ø": "o", "Ø": "o", "ř": "r", "ü": "u", "ý": "y",
]
