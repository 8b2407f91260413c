// SPDX-License-Identifier: Apache-2.0

import Access
import Backup
import Building
import Identity
import Kernel
import Posture
import Web

/// What to do about a line of the board, with a link to where it is done for whoever may do it there.
struct NextSteps: Sendable {
    /// Where a measure is put right in the console, what the link says, and what somebody needs for it.
    private static let places: [(measure: String, title: String, path: String, action: Action)] = [
        ("keyring.recovery", "Open the recovery page", "/welcome/recovery", IdentityActions.keepRecoveryPhrase),
        ("identity.second-factor", "Open People", "/people", IdentityActions.managePeople),
        ("access.rules", "Open Changes to rules", "/access/drafts", AccessActions.readRules),
        (
            "access.break-glass-reviewed", "Open Emergencies", "/access/emergencies", AccessActions.readEmergencies
        ),
        ("access.grants-reviewed", "Open Access reviews", "/access/reviews", AccessActions.reviewGrants),
        ("access.leavers", "Open People who left", "/access/reviews/leavers", AccessActions.reviewGrants),
        ("access.sensitive-reads-explained", "Open the log", "/log?kind=vault.chart-read.v1", ConsoleActions.readLog),
        ("backup.copies-fresh", "Open Backup", "/backup", BackupActions.read),
        ("backup.restore-proven", "Open Backup", "/backup", BackupActions.read),
        ("backup.undeletable", "Open Backup", "/backup", BackupActions.read),
    ]

    private let links: [String: Link]

    /// The steps as `visitor` may take them.
    init(for visitor: Visitor, house: House) async throws {
        var links: [String: Link] = [:]
        for place in Self.places {
            if try await house.authorizer.decide(place.action, for: visitor).isAllowed {
                links[place.measure] = Link(place.title, to: place.path)
            }
        }
        self.links = links
    }

    /// What to do about `line`, in full; nil where there is nothing to do or to say.
    func of(_ line: Board.Line, _ now: Instant) -> HTML? {
        Words.nextStep(line, now).map { step in
            links[line.measure.id].map { "\(step) <span class=\"nowrap\">\($0)</span>" } ?? "\(step)"
        }
    }

    /// The same in one sentence.
    func brief(_ line: Board.Line, _ now: Instant) -> HTML? {
        Words.nextStep(line, now).map { "\(Words.firstSentence($0))" }
    }

    /// Where `line` is put right, for whoever may do it there.
    func place(_ line: Board.Line) -> Link? { links[line.measure.id] }

    /// `line` as a thing to do today; nil where nobody can do anything about it.
    func task(_ line: Board.Line, _ now: Instant, about: Link? = nil) -> TodayItem? {
        guard !Words.isAllDone(line), let step = brief(line, now) else { return nil }
        return TodayItem(about: about, step, place: place(line))
    }
}
