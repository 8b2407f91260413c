// SPDX-License-Identifier: Apache-2.0

import Kernel

/// What would be different under other rules, for everybody, every patient and every act: complete, or not there.
struct Impact: Sendable {
    /// Who is affected.
    enum Who: Sendable, Hashable {
        case person(Identifier<Kernel.Person>)
        /// Anybody who has not signed in.
        case visitor
        /// Another program, by its id; nil for any that the rules do not name.
        case application(String?)
        /// Whoever runs commands on the machine, in the same way.
        case `operator`(String?)
        /// Salus itself.
        case system
    }

    /// What a person has to do with a patient now.
    enum Relation: String, Sendable, Hashable, CaseIterable {
        case careTeam = "care-team"
        case emergency
        case department
        case neither
    }

    /// What is asked about.
    enum Thing: Sendable, Hashable {
        /// The clinic as a whole.
        case clinic
        /// Charts: what the asker has to do with the patient, and what the chart holds beside ordinary records.
        case chart(Relation, holds: Set<ProtectedClass>)
        /// A draft of rules or an emergency, the asker's own.
        case own
        /// One of somebody else.
        case others
        /// One of somebody whom the rules name.
        case of(String)
    }

    /// What is different.
    enum Change: Sendable, Hashable {
        /// It was refused and is allowed.
        case gained
        /// It was allowed and is refused.
        case lost
        /// What was left out is shown.
        case shown([String])
        /// What was shown is left out.
        case hidden([String])

        /// Whether somebody gets more than before.
        var isGain: Bool {
            switch self {
            case .gained, .shown: true
            case .lost, .hidden: false
            }
        }
    }

    /// One difference: who, which act, on what.
    struct Line: Sendable, Hashable {
        let who: Who
        let action: String
        let thing: Thing
        let change: Change
    }

    /// A difference that is not there yet.
    struct Later: Sendable, Hashable {
        /// From when.
        let from: Instant
        let line: Line
    }

    /// A row of the drawing: how many pairs of a person and a thing are allowed before and after.
    struct Tally: Sendable, Hashable {
        var before = 0
        var after = 0
    }

    /// What a row of the drawing counts.
    enum Row: Sendable, Hashable {
        case charts(Relation)
        /// Charts that would open in an emergency.
        case openable
        case protected(ProtectedClass)
        case clinic
    }

    /// The differences, each with how many charts it concerns; 1 for all else.
    var lines: [Line: Int] = [:]
    /// The differences that begin later, at a time that the rules write out, each with how many charts it concerns.
    var later: [Later: Int] = [:]
    /// Before and after, in figures.
    var tallies: [Row: Tally] = [:]
    /// How many decisions were compared.
    var decisions = 0
    /// Of how many people.
    var people = 0
    /// Of how many patients.
    var patients = 0
    /// What somebody with a role alone would gain, in a situation that nobody is in today.
    var possible: Set<Possible> = []
    /// New and different rules that could give more in a situation at which the comparison does not look: rules that
    /// forbid, and rules about charts or about giving access that are not merely narrower than before.
    var delicateRules: Set<String> = []
    /// By which guards the new rules let somebody through.
    var broken: Set<Guard> = []

    /// A gain of nobody today.
    struct Possible: Sendable, Hashable {
        /// The role, as policies name it; of two roles both, `*` for all of them; the type of whoever is no person; and
        /// for somebody whom the rules name their key.
        let role: String
        let action: String
    }

    /// What no rules may open.
    enum Guard: String, Sendable, Hashable, CaseIterable {
        case closedAccount = "account-closed"
        case secondFactor = "second-factor"
    }

    /// The differences by which somebody gets more.
    var gains: [Line: Int] { lines.filter { $0.key.change.isGain } }
    /// Those that begin later.
    var laterGains: [Later: Int] { later.filter { $0.key.line.change.isGain } }
    /// The others.
    var losses: [Line: Int] { lines.filter { !$0.key.change.isGain } }
}
