// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel
import Web

/// Says which relation to the patient satisfied the rules that let somebody in.
struct RelationWords: Sendable {
    let time: LocalTime

    /// The relations at which the rules look that let `reader` in.
    func words(_ reader: Reader, _ book: RuleBook, on patient: Identifier<Kernel.Patient>) -> String {
        let rules = reader.rules.compactMap { book[Text($0)] }
        let grounds = rules.reduce(into: Set<RuleGround>()) { $0.formUnion($1.grounds) }
        let said = RuleGround.allCases.filter(grounds.contains).compactMap { words($0, reader, patient) }
        return said.isEmpty ? "It asks for no relation to the patient." : said.joined(separator: " ")
    }

    private func words(_ ground: RuleGround, _ reader: Reader, _ patient: Identifier<Kernel.Patient>) -> String? {
        switch ground {
        case .care: return reader.care.map(words)
        case .department: return reader.member.department.map { "Works in \($0), where the patient is." }
        case .emergency:
            return reader.member.emergencies[patient].map { "Opened in an emergency, until \(time.text($0))." }
        case .role: return "Role: \(StaffRole.titles(reader.member.summary.roles))."
        }
    }

    /// A relation with when it began and ends, as far as the records say that.
    func words(_ care: CareRelation) -> String {
        guard let start = care.from else {
            let end = care.until.map { "until \(time.text($0)); the records name no start" }
            return "\(care.kind.title)\(end.map { " \($0)" } ?? ", for as long as the records name them")."
        }
        let end = care.until.map { "until \(time.text($0))" } ?? "without end"
        return "\(care.kind.title) from \(time.text(start)) \(end)."
    }
}

extension CareRelation.Kind {
    /// What ties them, in the clinic's words.
    var title: String {
        switch self {
        case .encounter: "Takes part in a visit"
        case .careTeam: "On the care team"
        case .generalPractitioner: "General practitioner"
        }
    }
}
