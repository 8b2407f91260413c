// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import Foundation

/// Backups and restores beside restic and borg, as whole commands: wall and processor time, peak memory, bytes stored.
///
/// SALUS_BENCH_RESTIC and SALUS_BENCH_BORG name the peers; else they are found along PATH, and restic also where
/// scripts/newer-restic puts it. SALUS_BENCH_ENTRIES says how many files the one large folder has (1,000,000).
@main
struct BackupBenchmark {
    static func main() async {
        await Workshop.with("backup") { folder in
            let programs = try Program.found(in: folder)
            for program in programs { say(program.version) }
            say()
            let data = DataSets(folder: folder + "/data")
            let bench = Bench(folder: folder, programs: programs, rounds: Workshop.rounds(standard: 5))
            try bench.compareNew("768 MiB that cannot be compressed", try data.noise(), restic: 2, borg: 1.2)
            try bench.compareNew("20,000 small text files", try data.smallFiles(), restic: 2, borg: nil)
            try bench.compareImage(data)
            try bench.measureLargeFolder(data)
        }
    }
}

/// What is measured, on one set of data after another.
struct Bench {
    let folder: String
    let programs: [Program]
    let rounds: Int
    /// Memory that a backup may take, in MiB: of these sets, and of a folder with a million entries.
    private static let (memory, largeMemory) = (64.0, 400.0)

    /// A first backup into an empty repository, the same again, and a restore.
    func compareNew(_ title: String, _ source: String, restic: Double, borg: Double?) throws {
        try gate(source)
        var (new, again, restored) = (Figures(), Figures(), Figures())
        for round in 0..<rounds {
            for program in round % 2 == 0 ? programs : programs.reversed() {
                let repository = "\(folder)/repository"
                try program.initialise(repository)
                new.add(program, try program.backUp(source, to: repository, "first"), bytes: try size(of: repository))
                again.add(program, try program.backUp(source, to: repository, "second"))
                restored.add(program, try program.restore("second", of: repository, into: "\(folder)/out"))
                try remove("out", "repository")
            }
        }
        new.show("\(title): first backup", restic: restic, borg: borg, memory: Self.memory)
        again.show("\(title): nothing changed", restic: 2.5, borg: nil, memory: Self.memory)
        restored.show("\(title): restore", restic: 2, borg: nil, memory: Self.memory)
    }

    /// An image of a virtual machine, of which 200 pages of 4 KiB change.
    func compareImage(_ data: DataSets) throws {
        var (new, changed) = (Figures(), Figures())
        for round in 0..<max(1, rounds / 2) {
            for program in round % 2 == 0 ? programs : programs.reversed() {
                let source = try data.image()
                let repository = "\(folder)/repository"
                try program.initialise(repository)
                new.add(program, try program.backUp(source, to: repository, "first"), bytes: try size(of: repository))
                let before = try size(of: repository)
                try data.changePages(200)
                let measured = try program.backUp(source, to: repository, "second")
                changed.add(program, measured, bytes: try size(of: repository) - before)
                try remove("repository")
            }
        }
        new.show("Disk image, 768 MiB: first backup", restic: nil, borg: nil, memory: Self.memory)
        changed.show("Disk image: 200 changed pages", restic: nil, borg: nil, memory: Self.memory)
        let added = Double(changed.bytes(of: "salus")) / 1e6
        say("added by 200 changed pages: \(figure(added)) MB, target \(Target.atMost(27).verdict(added))")
        say()
    }

    /// How much memory a folder with very many entries takes.
    func measureLargeFolder(_ data: DataSets) throws {
        let count = Workshop.environment["SALUS_BENCH_ENTRIES"].flatMap(Int.init) ?? 1_000_000
        let source = try data.largeFolder(entries: count)
        var figures = Figures()
        for program in programs {
            let repository = "\(folder)/repository"
            try program.initialise(repository)
            figures.add(program, try program.backUp(source, to: repository, "first"))
            try remove("repository")
        }
        let title = "\(count.formatted()) empty files in one folder"
        figures.show(title, restic: nil, borg: nil, memory: Self.largeMemory)
    }

    /// What is not restored as it was is not measured.
    private func gate(_ source: String) throws {
        guard let ours = programs.first(where: { $0.name == "salus" }) else {
            throw BenchmarkError("there is no salus")
        }
        let repository = "\(folder)/repository"
        try ours.initialise(repository)
        _ = try ours.backUp(source, to: repository, "first")
        _ = try ours.restore("first", of: repository, into: "\(folder)/out")
        _ = try Command.run("diff", ["-rq", "--no-dereference", source, "\(folder)/out\(source)"])
        let list = ["-printf", "%P %y %m %U %G %s %T@ %l %n\\n"]
        let before = try Command.run("find", [source] + list).split(separator: "\n").sorted()
        let after = try Command.run("find", ["\(folder)/out\(source)"] + list).split(separator: "\n").sorted()
        guard before == after else { throw BenchmarkError("what salus restored differs from \(source)") }
        if let restic = programs.first(where: { $0.name == "restic" }) {
            _ = try restic.run(["check", "--read-data", "--no-cache"], repository)
        }
        try remove("out", "repository")
    }

    private func size(of repository: String) throws -> Int {
        let said = try Command.run("du", ["-sb", repository])
        return said.split(separator: "\t").first.flatMap { Int($0) } ?? 0
    }

    private func remove(_ names: String...) throws {
        for name in names where FileManager.default.fileExists(atPath: "\(folder)/\(name)") {
            _ = try Command.run("rm", ["-rf", "\(folder)/\(name)"])
        }
    }
}
