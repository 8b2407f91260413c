// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel

/// Adds up what was answered.
struct Counting: Sendable {
    private(set) var impact = Impact()
    var broken: Set<Impact.Guard> {
        get { impact.broken }
        set { impact.broken = newValue }
    }

    /// Adds one answer for each of `whos`, who have it on so many things.
    mutating func add(
        _ answer: RulePair.Comparison, _ whos: [(who: Impact.Who, things: Int)], _ action: EntityUID,
        _ thing: Impact.Thing, row: Impact.Row?
    ) throws {
        if let row {
            let things = whos.reduce(0) { $0 + $1.things }
            if answer.before.isAllowed { impact.tallies[row, default: .init()].before += things }
            if answer.after.isAllowed { impact.tallies[row, default: .init()].after += things }
        }
        for change in Self.changes(answer) {
            for (who, things) in whos {
                let line = Impact.Line(who: who, action: action.id.string, thing: thing, change: change)
                impact.lines[line, default: 0] += things
            }
        }
    }

    private static func changes(_ answer: RulePair.Comparison) -> [Impact.Change] {
        switch (answer.before.isAllowed, answer.after.isAllowed) {
        case (false, false): return []
        case (false, true): return [.gained]
        case (true, false): return [.lost]
        case (true, true):
            let (old, new) = (Set(answer.before.masks), Set(answer.after.masks))
            let (shown, hidden) = (old.subtracting(new), new.subtracting(old))
            return (shown.isEmpty ? [] : [.shown(shown.sorted())]) + (hidden.isEmpty ? [] : [.hidden(hidden.sorted())])
        }
    }
}

extension Impact.Who {
    /// Who an entity of Cedar is.
    init(_ uid: EntityUID) {
        let named = uid.id.utf8.isEmpty ? nil : uid.id.string
        switch uid.type {
        case CedarType.byHouseType["application"]: self = .application(named)
        case CedarType.byHouseType["operator"]: self = .operator(named)
        case CedarType.byHouseType["system"]: self = .system
        default:
            if uid.type == CedarType.person, let id = Identifier<Kernel.Person>(uid.id.string) {
                self = .person(id)
            } else {
                self = .visitor
            }
        }
    }
}

extension Impact.Row {
    /// The row of the drawing in which an act on a chart counts; nil for acts that are not drawn.
    init?(_ action: EntityUID, _ thing: Impact.Thing) {
        guard case .chart(let relation, _) = thing else { return nil }
        if action == .action(Impact.readChart) {
            self = .charts(relation)
        } else if action == .action(AccessActions.breakGlass.id) {
            self = .openable
        } else if let group = ProtectedClass.allCases.first(where: { .action($0.action.id) == action }) {
            self = .protected(group)
        } else {
            return nil
        }
    }
}
