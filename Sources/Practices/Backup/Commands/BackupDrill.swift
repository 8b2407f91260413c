// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Codecs
import Foundation
import Kernel
import ResticFormat

/// `salus backup drill`: restores to see whether it can be done, and how long it takes.
struct BackupDrill: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill", abstract: "Restore a job's newest snapshot to prove that it can be, and measure it.",
        discussion: """
            The snapshot comes from the job's last repository, which is the copy that is farthest away, into a folder of \
            its own that is taken away afterwards. Files are compared with the hashes that were recorded when their source \
            was read; a database is started without network and asked. What was found stands in the log, and on the console.

            EXIT STATUS: 0 passed, 1 failed, 2 wrong usage, 4 refused.
            """)

    @Argument(help: "The names of jobs; all when none is named.")
    var jobs: [String] = []

    @Option(help: "The repository, if not the last one of the job.")
    var repository: String?

    @Option(help: "The folder in which it is restored.", completion: .directory)
    var scratch: String?

    @Flag(help: "Restore only the files whose hashes were recorded, however much room there is.")
    var sample = false

    @OptionGroup var house: HouseOptions

    func run() async throws {
        let command = self
        try await house.withHouse(for: BackupActions.start) { open in
            let desk = try await JobDesk(open.house)
            let all = try await desk.all()
            var chosen: [BackupJob] = []
            for name in command.jobs { chosen.append(try await desk.job(named: name)) }
            if command.jobs.isEmpty { chosen = all.filter(\.isEnabled) }
            guard !chosen.isEmpty else {
                throw Fault(.notFound, "There is no backup job yet. `salus backup job add` makes one.")
            }
            let order = try await command.order(open.house)
            let isFailed = try await BlockingThreads.forBackups.run { [chosen] in
                var isFailed = false
                for job in chosen {
                    do {
                        let record = try await DrillDesk(open.house).drill(
                            job, order, by: open.actor, steps: Steps(isShown: !command.house.json))
                        command.print(record, of: job)
                        if record.verdict != .passed { isFailed = true }
                    } catch let fault as Fault where fault.code == .notFound && chosen.count > 1 {
                        // The others are tried all the same.
                        Terminal.complain("salus: \(fault.message)")
                        isFailed = true
                    }
                }
                return isFailed
            }
            if isFailed { throw ExitCode(1) }
        }
    }

    private func order(_ house: House) async throws -> DrillDesk.Order {
        var order = DrillDesk.Order(scratch: scratch, onlySample: sample)
        if let repository { order.repository = try await RepositoryDesk(house).repository(named: repository).id }
        return order
    }

    private func print(_ record: DrillRecord, of job: BackupJob) {
        for error in record.detail.errors { Terminal.complain("salus: \(TerminalText.harmless(error))") }
        guard !house.json else { return Terminal.json(Self.value(record)) }
        let words = DrillWords(record)
        Terminal.line("\(job.name): \(record.verdict?.word ?? "Failed")")
        for (name, value) in words.lines { Terminal.line("  \(name): \(value)") }
    }

    private static func value(_ record: DrillRecord) -> CanonicalValue {
        var members: [CanonicalMember] = [
            .init("drill", .string(record.id.description)), .init("snapshot", .string(record.snapshot.hex)),
            .init("verdict", .string(record.verdict?.rawValue ?? "failed")), .init("files", .integer(record.files)),
            .init("bytes", .integer(record.bytes)), .init("compared", .integer(record.compared)),
            .init("matching", .integer(record.matching)), .init("whole", .boolean(record.detail.isWhole)),
            .init("errors", .integer(Int64(record.detail.errors.count))),
        ]
        let figures: [(String, Int64?)] = [
            ("bound_ppm", record.bound), ("rto_ms", record.recoveryTime.map { $0.wholeMicroseconds / 1_000 }),
            ("rpo_ms", record.lostTime.map { $0.wholeMicroseconds / 1_000 }),
            ("restoring_ms", record.restoring.map { $0.wholeMicroseconds / 1_000 }),
            ("answering_ms", record.answering.map { $0.wholeMicroseconds / 1_000 }),
        ]
        members += figures.compactMap { name, value in value.map { CanonicalMember(name, .integer($0)) } }
        if let service = record.detail.service { members.append(.init("service", .string(service))) }
        members.append(.init("probes", .array(record.detail.probes.map(CanonicalValue.string))))
        return .object(members)
    }
}
