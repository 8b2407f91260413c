// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// Installations that many tests start from, made once; each test works on a copy.
actor Templates {
    static let shared = Templates()
    private var made: [String: Task<Installation, any Error>] = [:]

    /// The forty patients of the Synthea corpus, imported by command.
    func synthea() async throws -> Installation {
        try await template("synthea") { installation in
            try await installation.salus("records", "import", Synthea.folder, within: .seconds(400))
        }
    }

    /// The clinic of invented people, with ten weeks of history in its log: the whole year takes its time.
    func clinic() async throws -> Installation {
        try await template("clinic") { installation in try await installation.salus("demo", "--demo-days", "75") }
    }

    private func template(
        _ name: String, _ make: @escaping @Sendable (Installation) async throws -> Finished
    ) async throws -> Installation {
        if let task = made[name] { return try await task.value }
        let task = Task {
            let installation = Installation(folder: try Self.folder(name))
            let finished = try await make(installation)
            guard finished.status == 0 else { throw TestSupportError("\(name): \(finished.words)") }
            return installation
        }
        made[name] = task
        return try await task.value
    }

    /// A folder that goes with the test process: a shell waits for its end.
    private static func folder(_ name: String) throws -> String {
        let path = NSTemporaryDirectory() + "salus-template-\(name)-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        let own = ProcessInfo.processInfo.processIdentifier
        let script = "while kill -0 \(own) 2> /dev/null; do sleep 1; done; rm -rf '\(path)'"
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = ["-c", script]
        shell.standardInput = FileHandle.nullDevice
        shell.standardOutput = FileHandle.nullDevice
        shell.standardError = FileHandle.nullDevice
        try shell.run()
        return path
    }
}

/// The Synthea corpus: forty invented patients and who treats them.
enum Synthea {
    /// Whether it is there; says so loudly once when not.
    static let isThere = Corpora.folder.map { FileManager.default.fileExists(atPath: "\($0)/synthea") } ?? false
    /// Its folder, packed files.
    static var folder: String { (Corpora.folder ?? "") + "/synthea" }
    /// What `records list --json` says of it.
    static let list = """
        {"patients":40,"resources":27095,"byType":{"AllergyIntolerance":13,"CarePlan":157,"CareTeam":157,\
        "Claim":2864,"Condition":480,"Device":4,"DiagnosticReport":2358,"DocumentReference":1421,\
        "Encounter":1421,"ExplanationOfBenefit":1421,"ImagingStudy":63,"Immunization":532,"Location":194,\
        "Medication":119,"MedicationAdministration":119,"MedicationRequest":1443,"Observation":12329,\
        "Organization":194,"Patient":40,"Practitioner":195,"PractitionerRole":195,"Procedure":995,\
        "Provenance":40,"SupplyDelivery":341},"files":42}
        """

    /// Unpacks the files into `folder`, which is quicker than having a debug build unpack them again and again.
    ///
    /// - Parameter least: only so many of the smallest ones; the two that name hospitals and practitioners always.
    static func unpack(into folder: String, least: Int? = nil) async throws {
        let script = """
            mkdir -p "$2" && cd "$1" && for file in 0-*.bz2 $(ls -Sr [!0]*.bz2 0[!-]*.bz2 | head -n "$3"); do
              bzip2 -dkc "$file" > "$2/${file%.bz2}"
            done
            """
        let done = try await Program.run("/bin/sh", ["-ec", script, "sh", self.folder, folder, "\(least ?? 1_000)"])
        guard done.status == 0 else { throw TestSupportError(done.words) }
    }
}
