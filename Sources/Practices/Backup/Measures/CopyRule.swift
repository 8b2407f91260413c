// SPDX-License-Identifier: Apache-2.0

import Kernel

/// The rule 3-2-1-1-0 of one job, computed from what is there: three copies, two kinds of place, one at another site, one
/// that nobody deletes, no errors in the last drill.
struct CopyRule: Sendable, Equatable {
    struct Part: Sendable, Equatable {
        /// What the rule asks for.
        let title: String
        /// What there is.
        let found: String
        let state: PostureState
    }

    let parts: [Part]

    /// - Parameters:
    ///   - repositories: those that hold a fresh copy.
    ///   - drill: the newest one that ended; nil before the first.
    ///   - hasErrors: whether a check of one of the repositories found errors.
    init(_ repositories: [StoredRepository], drill: DrillRecord?, hasErrors: Bool, at now: Instant) {
        let copies = repositories.count + 1
        // The original is in a folder: a second folder may be on the same disk.
        let kinds = Set(["folder"] + repositories.map(\.place)).count
        let sites = Set(repositories.map(\.site)).count
        let reach = Undeletable.reach(repositories, at: now)
        parts = [
            Part(
                title: "3 copies", found: "\(copies), the original included", state: copies >= 3 ? .met : .notMet),
            Part(
                title: "2 kinds of place", found: "\(kinds), the original included", state: kinds >= 2 ? .met : .notMet),
            Part(
                title: "1 at another site", found: sites == 1 ? "at 1 site" : "at \(sites) sites",
                state: sites >= 2 ? .met : .notMet),
            Part(
                title: "1 nobody deletes", found: repositories.isEmpty ? "there is no fresh copy" : Self.word(reach),
                state: reach == .safe ? .met : reach == .unknown ? .unknown : .notMet),
            Self.errors(drill, hasErrors, at: now),
        ]
    }

    /// As it is drawn: how many of the five hold.
    var metCount: Int { parts.count { $0.state == .met } }

    private static func word(_ reach: Undeletable.Reach) -> String {
        switch reach {
        case .safe: "there is one"
        case .unknown: "not known yet"
        case .exposed: "the backup's own credentials delete all of them"
        }
    }

    private static func errors(_ drill: DrillRecord?, _ hasErrors: Bool, at now: Instant) -> Part {
        if hasErrors { return Part(title: "0 errors", found: "a check found errors", state: .notMet) }
        guard let drill, drill.verdict != nil else {
            return Part(title: "0 errors", found: "never restored", state: .unknown)
        }
        let count = drill.detail.errors.count
        let found = count == 0 ? "none in the last drill" : "\(count) in the last drill"
        return Part(
            title: "0 errors", found: found,
            state: count > 0 || drill.verdict == .failed ? .notMet : drill.isProof(at: now) ? .met : .unknown)
    }
}
