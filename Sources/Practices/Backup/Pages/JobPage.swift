// SPDX-License-Identifier: Apache-2.0

import Kernel
import ResticFormat
import Web

/// The page of one job: its copies, its runs, its snapshots, and what came back.
struct JobPage: Sendable {
    let job: BackupJob
    let repositories: [Identifier<StoredRepository>: StoredRepository]
    let runs: [RunRecord]
    /// Those in which the newest check found errors.
    let badRepositories: Set<Identifier<StoredRepository>>
    let snapshots: [SnapshotRecord]
    let drills: [DrillRecord]
    let now: Instant
    let time: LocalTime

    /// - Parameter mayLook: whether whoever reads it may look into snapshots.
    func content(_ request: PageRequest, mayLook: Bool) -> HTML {
        """
        \(Breadcrumb([Link("Backup", to: BackupPages.path)], current: job.name))
        \(PageHeading(job.name, lead: lead, actions: buttons(request)))
        \(Self.started(request))\(running)\(failure(mayLook))
        \(PageSection("Copies", content: rule))
        \(PageSection("Restore drills", content: drillTable))
        \(PageSection("Snapshots", note: "\(snapshots.count)", content: snapshotTable(mayLook)))
        \(PageSection("Runs", content: runTable))
        """
    }

    private var lead: String {
        let when = job.isEnabled ? "runs \(job.schedule.text)" : "is switched off"
        let next = job.isEnabled ? job.due.map { ", next at \(time.text($0))" } ?? "" : ""
        return "\(job.kind.word); \(when)\(next); restored \(job.drills.text)."
    }

    private func buttons(_ request: PageRequest) -> HTML {
        guard job.isEnabled else { return "" }
        let base = "\(BackupPages.path)/jobs/\(job.id)"
        let (run, drill) = (ActionButton("Back up now"), ActionButton("Start a drill", style: .secondary))
        return """
            \(PostForm(action: "\(base)/run", csrf: request.formField, isInline: true, content: "\(run)"))\
            \(PostForm(action: "\(base)/drill", csrf: request.formField, isInline: true, content: "\(drill)"))
            """
    }

    private static func started(_ request: PageRequest) -> HTML? {
        switch request.query["started"] {
        case "run":
            Callout(.success, "The backup begins within ten seconds", content: "Load this page again to see it.").html
        case "drill":
            Callout(.success, "The drill begins within ten seconds", content: "Load this page again to see it.").html
        default: nil
        }
    }

    private var running: HTML? {
        guard let run = runs.first, run.ended == nil else { return nil }
        // What was there the last time is the best guess at how much it will be.
        let before = runs.first { $0.outcome?.hasSnapshot ?? false }?.counts.bytes
        return ProgressBar(
            "Running since \(time.clock(run.started)), \(ByteText.of(run.counts.bytes)) read",
            done: Int(clamping: run.counts.bytes / 1_000_000), of: before.map { Int(clamping: $0 / 1_000_000) }
        ).html
    }

    private func failure(_ mayLook: Bool) -> HTML? {
        guard let run = job.worstOfLast(runs.filter { $0.ended != nil }), let reason = run.reason else { return nil }
        guard mayLook else {
            return Callout(
                .warning, "The last run: \(run.outcome?.word ?? "")",
                content: "<p>Why may name files: whoever may look into snapshots sees it.</p>"
            ).html
        }
        let kind: Callout.Kind = run.outcome?.hasSnapshot ?? false ? .warning : .danger
        return Callout(kind, "The last run: \(run.outcome?.word ?? "")", content: "<p>\(reason)</p>").html
    }

    private var rule: HTML {
        let fresh = Set(snapshots.filter { $0.isFresh(at: now) }.map(\.repository)).compactMap { repositories[$0] }
        let rule = CopyRule(
            fresh, drill: drills.first { $0.verdict != nil },
            hasErrors: !badRepositories.isDisjoint(with: job.repositories), at: now)
        let items: [HTML] = rule.parts.map { part in
            "<li>\(StatusChip(part.state.chipState))<strong>\(part.title)</strong><span>\(part.found)</span></li>"
        }
        let names = job.repositories.compactMap { repositories[$0] }.map { "\($0.name) (\($0.site))" }
        return """
            <p>Backed up to \(names.joined(separator: ", then copied to ")). Copies older than 48 hours do not count.</p>
            <ul class="rule-parts">\(items)</ul>
            """
    }

    private var drillTable: HTML {
        let rows: [[HTML]] = drills.prefix(20).map { drill in
            let state: StatusChip.State =
                drill.verdict == .passed ? .met : drill.verdict == .failed ? .notMet : .unknown
            return [
                "\(Link(time.text(drill.started), to: "\(BackupPages.path)/drills/\(drill.id)"))",
                "\(StatusChip(state, word: drill.verdict?.word ?? "Not ended"))",
                "\(drill.recoveryTime.map(DrillWords.text) ?? "")", "\(drill.lostTime.map(DrillWords.text) ?? "")",
                "\(DrillWords(drill).bound ?? "")",
            ]
        }
        let chart: HTML? = drills.isEmpty ? nil : DrillChart(drills, now: now, time: time).html
        return """
            \(chart)\(DataTable(
                caption: "Restore drills",
                columns: [
                    .init("When"), .init("Verdict"), .init("Back after"), .init("Work that would be lost"),
                    .init("Files lost, 95 % sure"),
                ], rows: rows,
                empty: EmptyState("Never restored",
                    text: "Nobody knows whether this can be restored before it was tried: start a drill.")))
            """
    }

    private func snapshotTable(_ mayLook: Bool) -> HTML {
        let rows: [[HTML]] = snapshots.map { record in
            let name = record.snapshot.short
            let path = SnapshotPages.path(record.repository, record.snapshot)
            let canOpen = mayLook && record.gone == nil
            return [
                canOpen ? "\(Link(name, to: path))" : "<code>\(name)</code>", "\(TimeText(record.taken, in: time))",
                "\(repositories[record.repository]?.name ?? "a repository that was removed")",
                record.gone.map { "\(StatusChip(.notMet, word: "Disappeared")) missed since \(time.text($0))" }
                    ?? "Seen \(TimeText(record.seen, in: time))",
            ]
        }
        return DataTable(
            caption: "Snapshots",
            columns: [.init("Snapshot"), .init("Data of"), .init("Repository"), .init("There")], rows: rows,
            empty: EmptyState("No snapshots yet", text: "The first run makes one.")
        ).html
    }

    private var runTable: HTML {
        let rows: [[HTML]] = runs.map { run in
            let took = run.ended.map { DrillWords.text($0.since(run.started)) } ?? ""
            let gaps = run.counts.unread + run.counts.torn
            return [
                "\(TimeText(run.started, in: time))", "\(repositories[run.repository]?.name ?? "")", "\(run.chip)",
                "\(took)", "\(run.counts.files)", "\(ByteText.of(run.counts.bytes))",
                "\(ByteText.of(run.counts.added))",
                gaps > 0 ? "\(run.counts.unread) not read, \(run.counts.torn) torn" : "",
            ]
        }
        return DataTable(
            caption: "Runs",
            columns: [
                .init("Began"), .init("Into"), .init("Outcome"), .init("Took"), .init("Files", isNumber: true),
                .init("Size", isNumber: true), .init("Added", isNumber: true), .init("Gaps"),
            ], rows: rows,
            empty: EmptyState(
                "It has not run yet", text: "It runs by schedule, or now by the button above.")
        ).html
    }
}

extension PostureState {
    /// How it is drawn.
    var chipState: StatusChip.State {
        switch self {
        case .met: .met
        case .partial: .partial
        case .notMet: .notMet
        case .unknown: .unknown
        }
    }
}
