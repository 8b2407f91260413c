// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import Foundation
import Kernel
import Store

/// How soon each page of the demonstration clinic begins to arrive over a connection that stands, and how large it is.
struct PagesBenchmark {
    let folder: String

    /// Milliseconds to the first byte, and bytes of HTML.
    private static let (soon, large) = (50.0, 100_000.0)

    private static let administrator = [
        "/", "/?over=year", "/posture/encryption?over=year", "/posture/backup?over=year",
        "/posture/permissions?over=year", "/people", "/people/invite", "/log", "/log?kind=vault.chart-read.v1",
        "/settings",
        "/find", "/access", "/access/rules", "/access/drafts", "/access/reviews", "/access/reviews/leavers",
        "/access/staff", "/access/applications", "/access/emergencies", "/backup", "/me",
    ]

    private static func physician(_ patient: String) -> [String] {
        let sections = ["summary", "problems", "medications", "results", "encounters", "documents"]
        return ["/records"] + sections.map { "/records/\(patient)?section=\($0)" }
    }

    private static func privacyOfficer(_ patient: String) -> [String] {
        ["/access/patients", "/access/patients/\(patient)/readers", "/access/patients/\(patient)/disclosures"]
    }

    func run() async throws {
        let (data, key) = ("\(folder)/pages", "\(folder)/pages.key")
        let made = try Served.makeDemonstration(data: data, keyFile: key).seconds
        say("The demonstration clinic with its year answers after \(figure(made)) s;")
        say("target in seconds \(Target.atMost(20).verdict(made)).")
        let store = try await Database.open(.sqlite(path: "\(data)/salus.db"), clock: SystemClock())
        let visitors = try await visitors(store)
        await store.close()
        let (served, _) = try Served.start(data: data, keyFile: key)
        // The measures that are read at a start are read.
        try await Task.sleep(for: .seconds(5))
        var report = Report(["page", "first byte ms, median", "slowest", "target ms", "HTML bytes", "target"])
        for (cookie, paths) in visitors {
            for path in paths { try report.add(measure(served, cookie, path)) }
        }
        try served.stop()
        report.show()
    }

    /// A cookie of each role, and its pages.
    private func visitors(_ store: Database) async throws -> [(cookie: String, paths: [String])] {
        let patient = try await store.read { tx in
            try tx.row("SELECT id FROM vault_patients ORDER BY id LIMIT 1").flatMap {
                Identifier<Patient>(bytes: try $0.bytes(0))?.description
            }
        }
        guard let patient else { throw BenchmarkError("the demonstration has no patients") }
        var visitors: [(cookie: String, paths: [String])] = []
        for (role, paths) in [
            ("administrator", Self.administrator), ("physician", Self.physician(patient)),
            ("privacy-officer", Self.privacyOfficer(patient)),
        ] {
            let cookies = try await StoredSessions.add(1, of: 1, role: role, to: store)
            visitors.append((cookies[0], paths))
        }
        return visitors
    }

    /// The page asked for again and again over one connection, by one curl.
    private func measure(_ served: Served, _ cookie: String, _ path: String) throws -> [String] {
        let times = Workshop.rounds(standard: 3) * 5 + 1
        var arguments = [
            "-sk", "-b", cookie, "-w", "%{time_starttransfer} %{time_pretransfer} %{size_download} %{http_code}\n",
        ]
        for _ in 0..<times { arguments += ["-o", "/dev/null", "https://127.0.0.1:\(served.port)\(path)"] }
        let lines = try Command.run("curl", arguments).split(separator: "\n").map { $0.split(separator: " ") }
        let figures = lines.map { $0.compactMap { Double($0) } }
        guard figures.count == times, figures.allSatisfy({ $0.count == 4 && $0[3] == 200 }) else {
            throw BenchmarkError("\(path) answered \(lines.last?.last ?? "nothing")")
        }
        // The first one has the connection's own costs.
        let waits = figures.dropFirst().map { ($0[0] - $0[1]) * 1_000 }
        let bytes = figures.map { $0[2] }.max() ?? 0
        return [
            path, figure(waits.median), figure(waits.max() ?? 0), Target.atMost(Self.soon).verdict(waits.median),
            figure(bytes), Target.atMost(Self.large).verdict(bytes),
        ]
    }
}
