// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import Foundation

/// A program that backs up, with the words by which it is told to.
struct Program {
    /// `salus`, `restic` or `borg`.
    let name: String
    let version: String
    private let path: String
    private let folder: String
    private static let password = "a password for measurements"

    /// Salus, and those of its peers that are here; for each that is missing a line says so.
    static func found(in folder: String) throws -> [Program] {
        try Data((password + "\n").utf8).write(to: URL(fileURLWithPath: folder + "/password"))
        guard FileManager.default.isExecutableFile(atPath: Workshop.program) else {
            throw BenchmarkError("there is no \(Workshop.program); set SALUS_PROGRAM")
        }
        var programs = [
            Program(name: "salus", version: "salus \(Workshop.program)", path: Workshop.program, folder: folder)
        ]
        for (name, variable) in [("restic", "SALUS_BENCH_RESTIC"), ("borg", "SALUS_BENCH_BORG")] {
            if let path = Workshop.environment[variable] ?? find(name) {
                let argument = name == "borg" ? "--version" : "version"
                let version =
                    Command.output(path, [argument]).split(separator: "\n").first.map(String.init) ?? "unknown"
                programs.append(Program(name: name, version: "\(version) (\(path))", path: path, folder: folder))
            } else {
                say("\(name) is MISSING: set \(variable)")
            }
        }
        return programs
    }

    private static func find(_ name: String) -> String? {
        let folders =
            [FileManager.default.currentDirectoryPath + "/.build-peers"]
            + (Workshop.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Makes an empty repository.
    func initialise(_ repository: String) throws {
        switch name {
        case "borg": _ = try run(["init", "--encryption", "repokey"], repository)
        case "restic": _ = try run(["init"], repository)
        default: _ = try run(["backup", "init"], repository)
        }
    }

    func backUp(_ source: String, to repository: String, _ archive: String) throws -> Measured {
        switch name {
        case "borg": try run(["create", "::\(archive)", source], repository)
        case "restic": try run(["backup", "--quiet", source], repository)
        default: try run(["backup", "run", "--quiet", source], repository)
        }
    }

    func restore(_ archive: String, of repository: String, into target: String) throws -> Measured {
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        return switch name {
        case "borg": try run(["extract", "::\(archive)"], repository, in: target)
        case "restic": try run(["restore", "latest", "--quiet", "--target", target], repository)
        default: try run(["backup", "restore", "latest", "--quiet", "--target", target], repository)
        }
    }

    func run(_ arguments: [String], _ repository: String, in target: String? = nil) throws -> Measured {
        let settings = [
            "PATH": "/usr/bin:/bin", "HOME": folder, "LC_ALL": "C.UTF-8", "TZ": "UTC",
            "RESTIC_REPOSITORY": repository, "RESTIC_PASSWORD_FILE": folder + "/password",
            "RESTIC_CACHE_DIR": folder + "/cache", "BORG_REPO": repository, "BORG_PASSPHRASE": Self.password,
            "BORG_BASE_DIR": folder + "/borg", "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK": "yes",
        ]
        return try Measured.run(
            path, arguments, environment: settings, in: target ?? folder, log: folder + "/log")
    }
}
