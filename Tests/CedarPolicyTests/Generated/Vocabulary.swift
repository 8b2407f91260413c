// SPDX-License-Identifier: Apache-2.0

import CedarPolicy

/// The few names that generated policies, entities and requests share, so that they meet often.
enum Vocabulary {
    static let types = ["Nurse", "Doctor", "Ward", "Clinic::Patient"]
    static let ids = ["a", "b", "c", "d", "\u{E9}"]
    static let actions = ["read", "write", "sign", "all"]
    static let attributes = ["age", "name", "chief", "team", "home", "since", "rest", "cost", "net", "on"]
    static let tags = ["t", "u"]
    static let strings = ["", "a", "ab", "abba", "e\u{301}", "\u{E9}", "t", "u", "10"]
    static let integers: [Int64] = [0, 1, 2, -1, 7, 1_000, .max, .min]
    static let decimals = ["1.0", "1.00", "-2.5", "922337203685477.5807"]
    static let addresses = ["10.0.0.1", "10.0.0.0/8", "127.0.0.1", "::1", "ff00::/8", "10.0.0.1/32"]
    static let datetimes = ["1970-01-01", "2026-11-25T08:00:00Z", "2026-11-25T08:00:00.001+0100", "0000-01-01"]
    static let durations = ["0ms", "1h", "-1d", "1d2h3m4s5ms", "106751991167d"]
    /// What no extension type takes.
    static let invalid = ["", "x", "1.00000", "1.2.3.4.5", "2026-13-01", "1h1d"]
    static let patterns = ["*", "a*", "*b*", "", "a", "a\\*", "*a*b*"]

    /// Every entity that policies name, the actions too.
    static let uids: [EntityUID] =
        types.flatMap { type in ids.compactMap { uid(type, $0) } } + actions.compactMap { uid("Action", $0) }
    /// Those that no policy names.
    static let strangers: [EntityUID] = [uid("Nurse", "x"), uid("Visitor", "v"), uid("Ward", "e\u{301}")]
        .compactMap { $0 }

    static func uid(_ type: String, _ id: String) -> EntityUID? {
        TypeName(Text(type)).map { EntityUID(type: $0, id: Text(id)) }
    }
}
