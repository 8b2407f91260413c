// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Codecs
import Kernel
import Synchronization

/// `salus records import`: takes FHIR files in.
struct RecordsImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take FHIR R4 files in: Bundles, NDJSON or single resources.",
        discussion: """
            Names files or folders; of a folder everything below it that ends in .json or .ndjson, also packed as \
            .gz or .bz2. A file is taken in whole or not at all, and one that was taken in before is skipped, so an \
            import that was interrupted is carried on by starting it again.

            EXIT STATUS: 0 everything is in; 3 some files were refused, the others are in; 1 anything else.
            """)

    @OptionGroup var house: HouseOptions

    @Argument(help: "Files and folders.", completion: .file())
    var paths: [String]

    func run() async throws {
        let files = try find()
        let totals = Mutex(Totals())
        try await house.withHouse(for: VaultActions.importRecords, making: true) { [json = house.json] open in
            let importing = RecordImport(try await RecordStore(open.house))
            let progress = TerminalProgress("Importing", total: Int64(files.count))
            try await importing.take(files, by: open.actor) { number, outcome in
                progress.finish()
                totals.withLock { $0.add(outcome) }
                say(files[number], outcome, json: json)
                progress.show(Int64(number + 1), "\(number + 1) of \(files.count) files")
            }
            progress.finish()
        }
        let result = totals.withLock { $0 }
        if house.json { Terminal.json(result.json) } else { Terminal.line(result.text) }
        if result.refused > 0 { throw ExitCode(3) }
    }

    private func find() throws -> [SourceFile] {
        let files: [SourceFile]
        do {
            files = try SourceFile.find(paths)
        } catch {
            throw Fault(.invalidInput, "\(error.path): \(error.problem)")
        }
        guard !files.isEmpty else {
            throw Fault(.invalidInput, "There is no .json or .ndjson file, plain or packed, in what you named.")
        }
        return files
    }

    /// The operator sees names of files; logs and evidence never do.
    private func say(_ file: SourceFile, _ outcome: ImportOutcome, json: Bool) {
        let name = TerminalText.harmless(file.name)
        switch outcome {
        case .imported(let tally):
            if !json { Terminal.line("imported  \(name): \(tally.text)") }
        case .known:
            if !json { Terminal.line("skipped   \(name): it is in already") }
        case .refused(let problem):
            Terminal.complain("refused   \(name): \(problem)")
        }
    }
}

extension ImportTally {
    fileprivate var text: String {
        let parts = [(added, "new"), (replaced, "newer"), (unchanged, "unchanged")].filter { $0.0 > 0 }
        return parts.isEmpty ? "no records" : parts.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }
}

/// The sums over all files.
private struct Totals {
    var files = 0
    var known = 0
    var refused = 0
    var records = ImportTally()

    mutating func add(_ outcome: ImportOutcome) {
        switch outcome {
        case .known: known += 1
        case .refused: refused += 1
        case .imported(let tally):
            files += 1
            records.added += tally.added
            records.replaced += tally.replaced
            records.unchanged += tally.unchanged
            records.patients += tally.patients
        }
    }

    var text: String {
        let (stored, patients) = (Self.count(records.stored, "record"), Self.count(records.patients, "new patient"))
        var parts = ["\(Self.count(files, "file")) imported with \(stored) of \(patients)"]
        if known > 0 { parts.append("\(known) in already") }
        if refused > 0 { parts.append("\(refused) refused: nothing of them was stored; see above why") }
        return parts.joined(separator: "; ") + "."
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    var json: CanonicalValue {
        [
            "added": .integer(Int64(records.added)), "files": .integer(Int64(files)),
            "known": .integer(Int64(known)), "patients": .integer(Int64(records.patients)),
            "refused": .integer(Int64(refused)), "replaced": .integer(Int64(records.replaced)),
            "unchanged": .integer(Int64(records.unchanged)),
        ]
    }
}
