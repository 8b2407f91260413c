// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Codecs
import Foundation
import Kernel
import ResticFormat
import Store
import Web

/// `salus backup job`: what is backed up by schedule.
struct BackupJobCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job",
        abstract: "What is backed up by schedule, and restored by schedule to prove that it can be.",
        subcommands: [
            BackupJobAdd.self, BackupJobList.self, BackupJobStart.self, BackupJobSet.self, BackupJobRemove.self,
        ])
}

/// `salus backup job add`.
struct BackupJobAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Back up by schedule.",
        discussion: """
            Say what: paths, or one of --postgres, --wal-of, --sqlite and --state. Schedules are \(BackupSchedule.hint), by the clock of \
            the institution. `salus up` runs the jobs; a run that was missed is made up for, and one that failed is tried \
            again after 10, 20 and 40 minutes.

            EXIT STATUS: 0 added, 2 wrong usage, 4 refused, 1 anything else.
            """)

    @Argument(help: ArgumentHelp("What the clinic calls it: \(BackupName.hint).", valueName: "name"))
    var name: String

    @Argument(help: "The files and folders that are backed up.", completion: .file())
    var paths: [String] = []

    @Option(help: "A PostgreSQL server, as libpq takes it: postgres://user@host/ or `host=/run/postgresql`.")
    var postgres: String?

    @Option(
        help: ArgumentHelp(
            "The log of the PostgreSQL server that this other job backs up, into the same repositories.",
            valueName: "job"))
    var walOf: String?

    @Option(help: "A database of SQLite, copied while it is in use.", completion: .file())
    var sqlite: String?

    @Flag(help: "What Salus itself keeps in its data folder, without the key file.")
    var state = false

    @Option(
        help: "The repository; a second one and more are copies of the first. May be given several times.")
    var to: [String] = []

    @Option(help: "When it runs (default: daily 02:30; every 15 minutes for a log).", transform: Self.schedule)
    var schedule: BackupSchedule?

    @Option(help: "How many minutes its beginning is spread over (default: 10; 0 for a log).")
    var jitter: Int64?

    @Option(help: "When it is restored to prove that it can be.", transform: Self.schedule)
    var drills = BackupSchedule("weekly sun 05:00") ?? .never

    @Option(name: [.customShort("e"), .long], help: "A pattern of what is left out; may be given several times.")
    var exclude: [String] = []

    @Option(help: "A program that runs before, with its arguments in one text; its failure stops the backup.")
    var before: String?

    @Option(help: "A program that runs afterwards in any case.")
    var after: String?

    @OptionGroup var house: HouseOptions

    static func schedule(_ text: String) throws -> BackupSchedule {
        guard let schedule = BackupSchedule(text) else { throw ValidationError("Say \(BackupSchedule.hint).") }
        return schedule
    }

    func run() async throws {
        guard let name = BackupName(name) else {
            throw Fault(.invalidInput, "The name of a job has \(BackupName.hint).")
        }
        let isLog = walOf != nil
        let jitter = jitter ?? (isLog ? 0 : 10)
        guard (0...1_440).contains(jitter) else { throw Fault(.invalidInput, "The spread is 0 to 1440 minutes.") }
        guard let schedule = schedule ?? BackupSchedule(isLog ? "every 15 minutes" : "daily 02:30") else { return }
        let (source, before, after) = (try source(named: name), try Self.words(before), try Self.words(after))
        let (to, walOf, drills, isJSON) = (to, walOf, drills, house.json)
        _ = try PatternFile.patterns(exclude)
        try await house.withHouse(for: BackupActions.manage) { open in
            let repositories = try await RepositoryDesk(open.house)
            let desk = try await JobDesk(open.house)
            var order = JobDesk.Order(
                name: name, source: source ?? .salus, repositories: [], schedule: schedule, jitter: jitter,
                drills: drills, before: before, after: after)
            if let walOf {
                let base = try await desk.job(named: walOf)
                guard let log = try await desk.plan(of: base).source.log(in: open.house) else {
                    throw Fault(.invalidInput, "The job \(base.name) backs up no PostgreSQL server: there is no log.")
                }
                order.source = log
                let known = try await repositories.all()
                order.repositories = base.repositories.compactMap { id in known.first { $0.id == id } }
            }
            for name in to { order.repositories.append(try await repositories.repository(named: name)) }
            guard Set(order.repositories.map(\.id)).count == order.repositories.count else {
                throw Fault(.invalidInput, "Name each repository once.")
            }
            let job = try await desk.add(order, by: open.actor)
            if isJSON {
                Terminal.json(["job": .string(job.id.description)])
            } else {
                let due = job.due.map { "It runs next at \(open.house.localTime.text($0)), while `salus up` runs." }
                Terminal.line("Added \(job.name). \(due ?? "It runs when somebody starts it.")")
            }
        }
    }

    /// What it backs up; nil for the log of what another job does.
    private func source(named name: BackupName) throws -> JobSource? {
        let count = [!paths.isEmpty, postgres != nil, walOf != nil, sqlite != nil, state].count { $0 }
        guard count == 1 else {
            throw ValidationError(
                "Say what is backed up: paths, or one of --postgres, --wal-of, --sqlite and --state.")
        }
        guard to.isEmpty == (walOf != nil) else {
            throw ValidationError(
                walOf == nil ? "Say where to: --to and the name of a repository." : "A log goes where its job goes.")
        }
        if walOf != nil { return nil }
        let base = FileManager.default.currentDirectoryPath
        let absolute = { (path: String) in
            "/" + String(decoding: Array(Targets.names(of: path, from: base).joined(separator: [0x2F])), as: UTF8.self)
        }
        if let postgres { return .postgres(connection: postgres, name: Self.serverName(name)) }
        if let sqlite { return .sqlite(path: absolute(sqlite)) }
        if state { return .salus }
        return .files(paths: paths.map(absolute), excludes: exclude)
    }

    /// What snapshots call a server: the job's name in small letters, without spaces.
    private static func serverName(_ name: BackupName) -> String {
        let text = name.text.lowercased().replacing(" ", with: "-")
        return text.first?.isLetter ?? false ? text : "server-\(text)"
    }

    private static func words(_ text: String?) throws -> [String] {
        guard let text else { return [] }
        guard let words = ShellWords.split(text), !words.isEmpty else {
            throw ValidationError("A program is its path and its arguments, quoted as for a shell.")
        }
        return words
    }
}

/// `salus backup job list`.
struct BackupJobList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the jobs, when they ran last and what came of it.")

    @OptionGroup var house: HouseOptions

    func run() async throws {
        let isJSON = house.json
        try await house.withHouse(for: BackupActions.read) { open in
            let desk = try await JobDesk(open.house)
            let jobs = try await desk.all()
            var values: [CanonicalValue] = []
            for job in jobs {
                let last = try await open.house.store.read { tx in
                    job.worstOfLast(try tx.backupRuns(of: job.id, limit: 10, desk.key))
                }
                if isJSON {
                    values.append(Self.value(job, last))
                } else {
                    let words = [
                        job.name, job.kind.word, job.isEnabled ? job.schedule.text : "off",
                        last.map { "\($0.outcome?.word ?? "Running") \(open.house.localTime.text($0.started))" }
                            ?? "never ran",
                    ]
                    Terminal.line(words.map(TerminalText.harmless).joined(separator: "\t"))
                }
            }
            if isJSON { Terminal.json(["jobs": .array(values)]) }
        }
    }

    private static func value(_ job: BackupJob, _ last: RunRecord?) -> CanonicalValue {
        var members: [CanonicalMember] = [
            .init("id", .string(job.id.description)), .init("name", .string(job.name)),
            .init("kind", .string(job.kind.rawValue)), .init("schedule", .string(job.schedule.text)),
            .init("drills", .string(job.drills.text)), .init("enabled", .boolean(job.isEnabled)),
        ]
        if let due = job.due { members.append(.init("due", .string(due.rfc3339))) }
        if let last {
            members.append(.init("last", .string(last.started.rfc3339)))
            members.append(.init("outcome", .string(last.outcome?.rawValue ?? "running")))
        }
        return .object(members)
    }
}

/// `salus backup job start`.
struct BackupJobStart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Run a job now, and wait for its end.",
        discussion: "EXIT STATUS: 0 done, 3 done with gaps, 1 failed, 4 refused.")

    @Argument(help: "The name of the job.")
    var name: String

    @OptionGroup var house: HouseOptions

    func run() async throws {
        let (name, isJSON) = (name, house.json)
        try await house.withHouse(for: BackupActions.start) { open in
            let desk = try await JobDesk(open.house)
            let records = try await BlockingThreads.forBackups.run {
                try await desk.runNow(try await desk.job(named: name), by: open.actor)
            }
            for record in records { Self.print(record, isJSON: isJSON) }
            if records.contains(where: { $0.outcome == .failed }) { throw ExitCode(1) }
            if records.contains(where: { $0.outcome == .partial }) { throw ExitCode(3) }
        }
    }

    private static func print(_ record: RunRecord, isJSON: Bool) {
        guard !isJSON else {
            let members: [CanonicalMember] = [
                .init("run", .string(record.id.description)),
                .init("outcome", .string(record.outcome?.rawValue ?? "failed")),
                .init("files", .integer(record.counts.files)), .init("bytes", .integer(record.counts.bytes)),
                .init("unread", .integer(record.counts.unread)), .init("torn", .integer(record.counts.torn)),
            ]
            let snapshot = record.snapshot.map { [CanonicalMember("snapshot", .string($0.hex))] } ?? []
            Terminal.json(.object(members + snapshot))
            return
        }
        let snapshot = record.snapshot.map { ": snapshot \($0.short)" } ?? ""
        Terminal.line(
            "\(record.outcome?.word ?? "Failed")\(snapshot), \(record.counts.files) files, "
                + ByteText.of(record.counts.bytes))
        if let reason = record.reason { Terminal.complain("salus: \(reason)") }
    }
}

/// `salus backup job set`.
struct BackupJobSet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Change when a job runs and is restored, or switch it off.")

    @Argument(help: "The name of the job.")
    var name: String

    @Option(help: "When it runs.", transform: BackupJobAdd.schedule)
    var schedule: BackupSchedule?

    @Option(help: "When it is restored.", transform: BackupJobAdd.schedule)
    var drills: BackupSchedule?

    @Flag(inversion: .prefixedEnableDisable, help: "Whether it runs at all.")
    var schedules: Bool?

    @OptionGroup var house: HouseOptions

    func run() async throws {
        guard schedule != nil || drills != nil || schedules != nil else {
            throw ValidationError("Say what to change.")
        }
        let (name, schedule, drills, isEnabled) = (name, schedule, drills, schedules)
        try await house.withHouse(for: BackupActions.manage) { open in
            let desk = try await JobDesk(open.house)
            let job = try await desk.job(named: name)
            let changed = isEnabled.map { $0 ? "enabled" : "disabled" } ?? "schedule"
            try await desk.change(job.id, changed, by: open.actor) { job in
                if let schedule { job.schedule = schedule }
                if let drills { job.drills = drills }
                if let isEnabled { job.isEnabled = isEnabled }
            }
        }
    }
}

/// `salus backup job remove`.
struct BackupJobRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Forget a job. Its snapshots stay where they are.")

    @Argument(help: "The name of the job.")
    var name: String

    @OptionGroup var house: HouseOptions

    func run() async throws {
        let name = name
        try await house.withHouse(for: BackupActions.manage) { open in
            let desk = try await JobDesk(open.house)
            try await desk.remove(try await desk.job(named: name), by: open.actor)
        }
    }
}
