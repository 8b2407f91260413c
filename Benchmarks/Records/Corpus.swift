// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import Foundation
import SyntheticClinic

/// The FHIR files that are imported, unpacked, so that no time goes into bzip2.
struct Corpus {
    /// What it is, for the heading.
    let name: String
    /// The files in the order of their import.
    let files: [String]
    /// Their size.
    let bytes: Int

    /// Synthea's files where the corpora are (`SALUS_CORPORA`, `../shared/corpora`), else the synthetic clinic's.
    init(unpackingTo folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let corpora = Workshop.environment["SALUS_CORPORA"] ?? "../shared/corpora"
        if let packed = try? FileManager.default.contentsOfDirectory(atPath: corpora + "/synthea"), !packed.isEmpty {
            name = "Synthea"
            for file in packed where file.hasSuffix(".bz2") {
                let json = "\(folder)/\(file.dropLast(4))"
                _ = try Command.run(
                    "sh", ["-c", "bzip2 -dc \"$1\" > \"$2\"", "sh", "\(corpora)/synthea/\(file)", json])
            }
        } else {
            name = "synthetic clinic (no Synthea corpus here)"
            try Self.makeClinic(in: folder)
        }
        // Files that others refer to begin with `0-`.
        files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { "\(folder)/\($0)" }
        bytes = try files.reduce(0) { $0 + (try Data(contentsOf: URL(fileURLWithPath: $1)).count) }
    }

    private static func makeClinic(in folder: String) throws {
        guard let today = ClinicDate(year: 2026, month: 11, day: 23) else { return }
        let clinic = SyntheticClinic(seed: 1, today: today)
        let bundles = [clinic.organizationBundle()] + clinic.patients.map { clinic.bundle(for: $0) }
        for (number, bundle) in bundles.enumerated() {
            let name = number == 0 ? "0-organization" : "patient-\(1_000 + number)"
            try Data(bundle).write(to: URL(fileURLWithPath: "\(folder)/\(name).json"))
        }
    }
}
