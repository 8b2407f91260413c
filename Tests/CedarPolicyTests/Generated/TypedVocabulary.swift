// SPDX-License-Identifier: Apache-2.0

import CedarPolicy

/// A schema with a bit of everything, and the names that generated data and policies which keep to it share.
enum TypedVocabulary {
    static let schema = """
        entity Level enum ["low", "high"];
        entity House { city: String };
        entity Ward in [Ward, House] { name: String, open: Bool, head?: Nurse, home: { city: String, zip?: Long } };
        entity Nurse in Ward {
            ward: Ward, age: Long, pager?: Long, boss?: Nurse, since: datetime, rest?: duration, level: Level,
            skills: Set<String>, friends: Set<Nurse>, home?: { city?: String, net: ipaddr }
        } tags Long;
        entity Chart in [Ward, Nurse] {
            owner: Nurse, ward?: Ward, cost: decimal, locked: Bool, readers: Set<Nurse>, net?: ipaddr,
            meta: { author: Nurse, pages?: Long, at: datetime, from: { city?: String, net: ipaddr } }
        } tags String;
        action any;
        action read in any appliesTo {
            principal: Nurse, resource: [Chart, Ward],
            context: {
                why: String, count: Long, urgent: Bool, level: Level, by?: Nurse, at: datetime, wait?: duration,
                from: ipaddr, limit?: decimal, box: { a: Long, b?: Bool, nurse: Nurse }, chart?: Chart,
                nurses: Set<Nurse>, wards?: Set<Ward>, action: Action
            }
        };
        action write in any appliesTo { principal: Nurse, resource: [Chart, Nurse], context: {} };
        action sign appliesTo { principal: [Nurse, Level], resource: Ward, context: { count: Long, by?: Nurse } };
        """

    /// What is only in what stands behind it, so that no hierarchy has a circle.
    static let types = ["Level", "Chart", "Nurse", "Ward", "House"]
    static let tags = ["t", "u"]
    static let actions = ["any", "read", "write", "sign"]

    static func ids(_ type: String) -> [String] {
        switch type {
        case "Level": ["low", "high"]
        case "Action": actions
        default: ["a", "b", "c", "\u{E9}"]
        }
    }

    static let uids = types.flatMap { type in ids(type).compactMap { Vocabulary.uid(type, $0) } }

    /// The kinds of requests, by the names of principal, action and resource.
    static let kinds = [
        ("Nurse", "read", "Chart"), ("Nurse", "read", "Ward"), ("Nurse", "write", "Chart"), ("Nurse", "write", "Nurse"),
        ("Nurse", "sign", "Ward"), ("Level", "sign", "Ward"),
    ]
}
