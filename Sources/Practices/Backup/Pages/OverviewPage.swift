// SPDX-License-Identifier: Apache-2.0

import Kernel
import ResticFormat
import Web

/// The first page: whether everything is backed up, whether it came back, and how long that took.
struct OverviewPage: Sendable {
    let sheet: BackupSheet
    let time: LocalTime

    init(_ sheet: BackupSheet, _ time: LocalTime) {
        (self.sheet, self.time) = (sheet, time)
    }

    func content(_ request: PageRequest) -> HTML {
        """
        \(PageHeading("Backup", lead: lead))
        \(disappeared)
        \(PageSection("Jobs", content: jobs))
        \(drills.map { PageSection("Restore drills", content: $0) })
        \(sheet.repositories.isEmpty ? nil : PageSection("Repositories", content: repositories))
        \(PageSection("Add one", content: Self.adding))
        """
    }

    private var lead: String {
        let jobs = sheet.lines.count
        guard jobs > 0 else { return "Nothing is backed up by Salus yet." }
        let fresh = sheet.lines.count { $0.newest?.isFresh(at: sheet.now) ?? false }
        let proven = sheet.lines.filter { $0.drill?.isProof(at: sheet.now) ?? false }
        let slowest = proven.compactMap { $0.drill?.recoveryTime }.max()
        let back = slowest.map { ", the slowest within \(DrillWords.text($0))" } ?? ""
        return """
            \(fresh) of \(jobs) \(jobs == 1 ? "job has" : "jobs have") a copy of the last 48 hours; \
            \(proven.count) of \(jobs) came back when it was tried\(back).
            """
    }

    private var disappeared: HTML? {
        guard !sheet.gone.isEmpty else { return nil }
        let count = sheet.gone.count
        let names = sheet.gone.prefix(5).map(\.snapshot.short).joined(separator: ", ")
        return Callout(
            .danger, "\(count) \(count == 1 ? "snapshot has" : "snapshots have") disappeared",
            content: """
                <p>The evidence log knows of \(names)\(count > 5 ? " and more" : ""), and the repository does not hold \
                \(count == 1 ? "it" : "them") any more. If nobody of you deleted \(count == 1 ? "it" : "them"), somebody \
                else can write there: change its credentials, and look at the other copies.</p>
                """
        ).html
    }

    private var jobs: HTML {
        let rows: [[HTML]] = sheet.lines.map { line in
            [
                "\(Link(line.job.name, to: "\(BackupPages.path)/jobs/\(line.job.id)"))", "\(line.job.kind.word)",
                copy(of: line), run(of: line), proof(of: line), Self.rule(line.rule),
            ]
        }
        return DataTable(
            caption: "Jobs",
            columns: [
                .init("Name"), .init("What"), .init("Newest copy"), .init("Last run"), .init("Came back"),
                .init("3-2-1-1-0"),
            ],
            rows: rows,
            empty: EmptyState(
                "No backup jobs yet",
                text: "A job backs something up by schedule, and restores it to prove that it can be.")
        ).html
    }

    private func copy(of line: BackupSheet.Line) -> HTML {
        guard let newest = line.newest else { return "\(StatusChip(.notMet, word: "None"))" }
        let isFresh = newest.isFresh(at: sheet.now)
        let age = sheet.now.since(newest.taken).roughly
        return "\(StatusChip(isFresh ? .met : .notMet, word: isFresh ? "Fresh" : "Old")) \(age) old"
    }

    private func run(of line: BackupSheet.Line) -> HTML {
        guard let run = line.lastRun else { return line.job.isEnabled ? "Never" : "Off" }
        return "\(run.chip) \(TimeText(run.started, in: time))"
    }

    private func proof(of line: BackupSheet.Line) -> HTML {
        guard let drill = line.drill else { return "\(StatusChip(.unknown, word: "Never tried"))" }
        // A number and its unit stay in one line.
        let after = drill.recoveryTime.map { "after \(DrillWords.text($0))".replacing(" ", with: "\u{A0}") } ?? ""
        let isGood = drill.isProof(at: sheet.now)
        let chip = StatusChip(
            isGood ? .met : .notMet, word: isGood ? "Yes" : drill.verdict == .passed ? "Too old" : "No")
        return
            "\(chip) \(Link("\(drill.verdict?.word ?? "Drill") \(after)", to: "\(BackupPages.path)/drills/\(drill.id)"))"
    }

    private static func rule(_ rule: CopyRule) -> HTML {
        let state: StatusChip.State =
            rule.metCount == rule.parts.count ? .met : rule.parts.contains { $0.state == .notMet } ? .notMet : .unknown
        return "\(StatusChip(state, word: "\(rule.metCount) of \(rule.parts.count)"))"
    }

    private var drills: HTML? { DrillChart(sheet.drills, now: sheet.now, time: time).html }

    private var repositories: HTML {
        let rows: [[HTML]] = sheet.repositories.map { repository, check in
            [
                "\(repository.name)", "\(repository.site)", "<code>\(repository.placeName)</code>",
                deletion(repository), checked(check),
            ]
        }
        return DataTable(
            caption: "Repositories",
            columns: [
                .init("Name"), .init("Site"), .init("Place"), .init("Out of an intruder's reach"), .init("Checked"),
            ], rows: rows
        ).html
    }

    private func deletion(_ repository: StoredRepository) -> HTML {
        if let trouble = repository.trouble {
            return "\(StatusChip(.notMet, word: "Not reached")) \(trouble)"
        }
        return switch repository.canDelete(at: sheet.now) {
        case nil: "\(StatusChip(.unknown, word: "Not known"))"
        case true?: "\(StatusChip(.notMet, word: "No")) The backup's own credentials delete there."
        case false?: "\(StatusChip(.met, word: "Yes"))"
        }
    }

    private func checked(_ check: CheckRecord?) -> HTML {
        guard let check else { return "\(StatusChip(.unknown, word: "Never"))" }
        let peer = check.peer.map { "\($0): \(check.verdict.word)" } ?? "restic is not installed"
        let own = check.errors == 0 ? "no errors" : "\(check.errors) errors"
        return """
            \(StatusChip(check.isClean ? .met : .notMet, word: check.isClean ? "Clean" : "Errors")) \
            \(TimeText(check.at, in: time)). Salus: \(own); \(peer).
            """
    }

    private static let adding: HTML = """
        <p>Repositories and jobs are added on the server, where the files are. The first command prints a password once: \
        write it down outside of this machine.</p>
        \(CodeBlock("salus backup repository add Cellar --repo /srv/backup --site Cellar", label: "Where copies go"))
        \(CodeBlock("salus backup job add Records /srv/records --to Cellar", label: "What is backed up"))
        \(CodeBlock("salus backup job add Salus --state --to Cellar", label: "Salus itself"))
        """
}

extension RunRecord {
    /// What came of it.
    var chip: StatusChip {
        switch outcome {
        case nil: StatusChip(.unknown, word: "Running")
        case .done?: StatusChip(.met, word: Outcome.done.word)
        case .partial?: StatusChip(.partial, word: Outcome.partial.word)
        case .failed?: StatusChip(.notMet, word: Outcome.failed.word)
        case .interrupted?: StatusChip(.notMet, word: Outcome.interrupted.word)
        }
    }
}
