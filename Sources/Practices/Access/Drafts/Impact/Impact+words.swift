// SPDX-License-Identifier: Apache-2.0

import Kernel
import Web

extension Impact {
    /// What is different now, in one sentence.
    var sentence: String {
        guard !lines.isEmpty else {
            return later.isEmpty ? "Nobody gains or loses anything." : "Nobody gains or loses anything now."
        }
        return Self.sentence(of: Set(lines.keys))
    }

    /// The times from which something else is different, with what that is in one sentence each.
    var laterSentences: [(from: Instant, sentence: String)] {
        Dictionary(grouping: later.keys, by: \.from).sorted { $0.key < $1.key }.map {
            ($0.key, Self.sentence(of: Set($0.value.map(\.line))))
        }
    }

    private static func sentence(of lines: Set<Line>) -> String {
        let gaining = Set(lines.filter(\.change.isGain).map(\.who)).count
        let losing = Set(lines.filter { !$0.change.isGain }.map(\.who)).count
        let parts = [
            gaining == 0 ? nil : "\(count(gaining, "gains", "gain")) access",
            losing == 0 ? nil : "\(count(losing, "loses", "lose")) access",
        ].compactMap { $0 }
        return parts.joined(separator: ", ") + "."
    }

    /// From how much that follows.
    var basis: String {
        """
        \(grouped(decisions)) decisions of both rule books were compared: everybody in today's directory \
        (\(grouped(people))), every patient (\(grouped(patients))), every act. That is all of them.
        """
    }

    private static func count(_ number: Int, _ one: String, _ many: String) -> String {
        number == 1 ? "1 account \(one)" : "\(grouped(number)) accounts \(many)"
    }
}

extension Impact.Line {
    /// The line for the page of one person.
    var title: String {
        let what = ActionWords.title(action)
        switch change {
        case .gained, .lost: return what
        case .shown(let paths): return "\(what): newly shown are \(paths.joined(separator: ", "))"
        case .hidden(let paths): return "\(what): no longer shown are \(paths.joined(separator: ", "))"
        }
    }
}

extension Impact.Thing {
    /// On what, in the clinic's words.
    func words(_ count: Int) -> String {
        switch self {
        case .clinic: return "the clinic"
        case .own: return "their own"
        case .others: return "somebody else's"
        case .of(let person): return "that of \(person)"
        case .chart(let relation, let holds):
            let charts = count == 1 ? "1 chart" : "\(grouped(count)) charts"
            let classes = holds.sorted().map(\.title).joined(separator: " and ")
            return "\(charts), \(relation.words); \(classes.isEmpty ? "ordinary records" : "with \(classes)")"
        }
    }
}

extension Impact.Relation {
    /// What somebody has to do with a patient.
    var words: String {
        switch self {
        case .careTeam: "on the care team now"
        case .emergency: "opened in an emergency"
        case .department: "in their department now"
        case .neither: "neither on the care team nor in their department"
        }
    }
}

extension Impact.Row {
    /// All rows, in the order in which they are drawn.
    static let all: [Self] =
        [.charts(.careTeam), .charts(.department), .charts(.emergency), .charts(.neither), .openable]
        + ProtectedClass.allCases.map(Self.protected) + [.clinic]

    /// What is counted.
    var title: String {
        switch self {
        case .charts(.careTeam): "Charts, on the care team"
        case .charts(.department): "Charts, in the department"
        case .charts(.emergency): "Charts, open in an emergency now"
        case .charts(.neither): "Charts, neither of these"
        case .openable: "Charts, would open in an emergency"
        case .protected(let group): "\(group.title), any chart"
        case .clinic: "The clinic as a whole"
        }
    }
}
