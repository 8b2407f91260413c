// SPDX-License-Identifier: Apache-2.0

import Kernel
import ResticFormat
import Web

/// The page of one drill: what was measured, and what it means.
struct DrillPage: Sendable {
    let drill: DrillRecord
    let job: BackupJob
    let repository: StoredRepository?
    let time: LocalTime

    /// - Parameter mayLook: whether whoever reads it may know names of files.
    func content(mayLook: Bool) -> HTML {
        """
        \(Breadcrumb(
            [Link("Backup", to: BackupPages.path), Link(job.name, to: "\(BackupPages.path)/jobs/\(job.id)")],
            current: "Restore drill"))
        \(PageHeading("Restore drill of \(time.text(drill.started))", lead: lead))
        \(verdict)
        \(PageSection("What was measured", content: DefinitionList(pairs).html))
        \(errors(mayLook))
        """
    }

    private var lead: String {
        """
        Snapshot \(drill.snapshot.short) of \(job.name), from \(repository?.name ?? "a repository that was removed"), \
        restored where nobody works and taken away again.
        """
    }

    private var verdict: HTML {
        switch drill.verdict {
        case .passed?:
            let after = drill.recoveryTime.map { " after \(DrillWords.text($0))" } ?? ""
            let what = drill.detail.isWhole ? "Everything was back\(after)" : "The sample was back\(after)"
            return Callout(.success, what, content: "It is what was backed up.").html
        case .failed?:
            return Callout(
                .danger, "Not everything came back",
                content: "<p>Back this job up anew before anything else, and look below for what did not come back.</p>"
            ).html
        case nil:
            return Callout(.warning, "It did not end", content: "It goes on, or Salus was stopped meanwhile.").html
        }
    }

    private var pairs: [(term: String, value: HTML)] {
        [("Data of", "\(TimeText(drill.taken, in: time))")]
            + DrillWords(drill).lines.map { (term: $0.name, value: "\($0.value)" as HTML) }
            + [("In the log as", "\(HashText(drill.id.description, length: nil))")]
    }

    private func errors(_ mayLook: Bool) -> HTML? {
        let errors = drill.detail.errors
        guard !errors.isEmpty else { return nil }
        let text: HTML =
            mayLook
            ? "<ul class=\"plain-list\">\(errors.map { error -> HTML in "<li>\(error)</li>" })</ul>"
            : "<p>\(errors.count) findings name files: whoever may look into snapshots sees them.</p>"
        return PageSection("What did not come back", note: "\(errors.count)", content: text).html
    }
}
