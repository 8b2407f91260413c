// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@Suite("Bad input by command")
struct BadInputTests {
    private static let patient = #"{"resourceType":"Patient","id":"p1","name":[{"family":"Good"}]}"#
    private static func bundle(_ entries: String...) -> String {
        let list = entries.map { #"{"resource":\#($0),"request":{"method":"PUT","url":"x/y"}}"# }
        return #"{"resourceType":"Bundle","type":"transaction","entry":[\#(list.joined(separator: ","))]}"#
    }

    @Test func eachBadFileIsRefusedWithItsReasonAndTheGoodOnesAreIn() async throws {
        try await Installation.with { installation in
            let folder = "\(installation.folder)/in"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
            try Self.patient.appending("\n").write(
                toFile: "\(folder)/a-good.json", atomically: false, encoding: .utf8)
            let reasons = try await Self.badFiles(in: folder)
            try #"{"resourceType":"Observation","id":"o1","subject":{"reference":"Patient/p1"}}"#.write(
                toFile: "\(folder)/z-good.ndjson", atomically: false, encoding: .utf8)

            let said = try await installation.salus("records", "import", folder, "--json")
            #expect(said.status == 3, "\(said.words)")
            #expect(said.output.contains(#""refused":\#(reasons.count)"#), "\(said.output)")
            #expect(said.output.contains(#""files":2"#))
            for (name, reason) in reasons {
                let line = said.errors.split(separator: "\n").first { $0.contains(name) } ?? ""
                #expect(line.contains(reason), "\(name): \(line)")
            }
            let list = try JSON.object(try await installation.salus("records", "list", "--json"))
            #expect(list["patients"] as? Int == 1 && list["resources"] as? Int == 2)
            _ = try await installation.verified()
        }
    }

    /// Writes the bad files; returns which words must be said of each.
    private static func badFiles(in folder: String) async throws -> [(String, String)] {
        let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        let whole = bundle(patient.replacing("p1", with: "p2"), #"{"resourceType":"Observation","id":"o2"}"#)
        let files: [(String, [UInt8], String)] = [
            ("deep.json", Array(deep.utf8), "malformed JSON"),
            ("deep-resource.json", Array(#"{"resourceType":"Patient","x":\#(deep)}"#.utf8), "malformed JSON"),
            ("twice.json", Array(bundle(#"{"resourceType":"Patient","id":"a","id":"b"}"#).utf8), "duplicate name"),
            ("cut.json", Array(whole.utf8.dropLast(60)), "malformed JSON"),
            ("latin1.json", Array(patient.utf8).map { $0 == UInt8(ascii: "G") ? 0xE9 : $0 }, "malformed JSON"),
            ("zeros.json", [UInt8](repeating: 0, count: 4_096), "malformed JSON"),
            ("empty.json", [], "empty"),
            ("number.json", Array("42".utf8), "resource"),
            ("other.json", Array(#"{"hello":"world"}"#.utf8), "entry 1: not a FHIR resource"),
            ("damaged.json.gz", [0x1F, 0x8B, 8, 0, 1, 2, 3], "damaged or cut off"),
            ("damaged.json.bz2", Array("BZh9nonsense".utf8), "damaged or cut off"),
        ]
        for (name, bytes, _) in files { try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
        let script = """
            cd "$1"
            head -c 300000000 /dev/zero | tr '\\0' ' ' | gzip > bomb.json.gz
            head -c 300000000 /dev/zero | tr '\\0' ' ' | bzip2 > bomb.json.bz2
            { printf '{"resourceType":"Patient","id":"long","x":"'; head -c 104857600 /dev/zero | tr '\\0' y
              printf '"}\\n'; } > long.ndjson
            """
        let made = try await Program.run("/bin/sh", ["-ec", script, "sh", folder])
        guard made.status == 0 else { throw TestSupportError(made.words) }
        return files.map { ($0.0, $0.2) } + [
            ("bomb.json.gz", "200 times its size"), ("bomb.json.bz2", "200 times its size"),
            ("long.ndjson", "entry 1: the resource is larger than 16 MiB"),
        ]
    }

    @Test func whatIsNotThereOrNotAFileIsNamed() async throws {
        try await Installation.with { installation in
            let missing = try await installation.salus("records", "import", "/nowhere/x.json")
            #expect(missing.status == 2)
            #expect(missing.errors.contains("/nowhere/x.json"))
            let device = try await installation.salus("records", "import", "/dev/zero", within: .seconds(20))
            #expect(device.status == 2)
            #expect(device.errors.contains("/dev/zero"))
            let nobody = try await installation.salus("records", "show", "nobody")
            #expect(nobody.status != 0 && nobody.status != 6)
        }
    }
}
