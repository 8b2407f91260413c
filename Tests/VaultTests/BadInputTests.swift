// SPDX-License-Identifier: Apache-2.0

import Foundation
import Store
import TestSupport
import Testing

@testable import Vault

@Suite("Bad input")
struct BadInputTests {
    /// Files that must be refused, by the reason.
    static let files: [(name: String, reason: String, content: [UInt8])] = [
        ("deep.json", "malformed-json", Array(repeatElement(UInt8(ascii: "["), count: 100_000))),
        ("twice.json", "malformed-json", Array("{\"resourceType\":\"Patient\",\"id\":\"x\",\"id\":\"y\"}".utf8)),
        ("bytes.json", "malformed-json", Array("{\"resourceType\":\"Patient\",\"id\":\"".utf8) + [0xFF, 0xFE]),
        ("cut.json", "malformed-json", Array(Sample.collection(Sample.patient("c")).utf8.dropLast(40))),
        ("empty.json", "empty", []),
        ("blank.ndjson", "empty", Array(" \n\n ".utf8)),
        ("text.json", "malformed-json", Array("This is a letter.".utf8)),
        ("list.json", "malformed-entry", Array("[1,2,3]".utf8)),
        ("type.json", "unsupported-bundle", Array("{\"resourceType\":\"Bundle\",\"type\":\"history\"}".utf8)),
        ("unknown.json", "unknown-type", Array("{\"resourceType\":\"Spaceship\",\"id\":\"1\"}".utf8)),
        ("two.json", "two-patients", Array(Self.twoPatients.utf8)),
        ("line.ndjson", "malformed-json", Array(repeatElement(UInt8(ascii: "a"), count: 100_000_000))),
        ("cut.json.gz", "damaged-archive", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1]),
        ("cut.json.bz2", "damaged-archive", Array("BZh91AY&SY".utf8)),
        ("plain.json.gz", "damaged-archive", Array("{}".utf8)),
        ("empty.json.bz2", "damaged-archive", []),
    ]

    static let twoPatients = Sample.collection(
        Sample.patient("a"), Sample.patient("b"),
        "{\"resourceType\":\"Basic\",\"id\":\"1\",\"subject\":{\"reference\":\"Patient/a\"}}",
        """
        {"resourceType":"Appointment","id":"2","status":"booked","participant":[\
        {"actor":{"reference":"Patient/a"}},{"actor":{"reference":"Patient/b"}}]}
        """)

    @Test func theOthersAreTakenIn() async throws {
        try await VaultFixture.with(.sqlite) { vault in
            let folder = vault.folder + "/import"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for file in Self.files { try Data(file.content).write(to: URL(filePath: "\(folder)/\(file.name)")) }
            try Data(Sample.patient("good").utf8).write(to: URL(filePath: folder + "/zz.json"))
            try bombs(folder)
            let files = try SourceFile.find([folder])
            #expect(files.count == Self.files.count + 3)
            for (file, outcome) in zip(files, try await vault.take(files: files)) {
                guard case .refused(let problem) = outcome else {
                    #expect(file.name == "zz.json")
                    continue
                }
                let reason = Self.files.first { $0.name == file.name }?.reason ?? "suspicious-ratio"
                #expect(problem.code == reason, "\(file.name)")
            }
            #expect(try await vault.inventory().resources == 1)
            #expect(try await vault.inventory().files == 1)
            #expect(try await vault.leaves(VaultFacts.importRefused).count == Self.files.count + 2)
        }
    }

    /// 300 MB of blanks, packed by the machine's own programs.
    private func bombs(_ folder: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = [
            "-c",
            "head -c 300000000 /dev/zero | tr '\\0' ' ' | tee '\(folder)/plain' | gzip > '\(folder)/bomb.json.gz';"
                + " bzip2 -c '\(folder)/plain' > '\(folder)/bomb.ndjson.bz2'; rm '\(folder)/plain'",
        ]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test func pathsThatAreNoFiles() {
        #expect(throws: SourceError.self) { try SourceFile.find(["/nowhere/at/all"]) }
        #expect(throws: SourceError.self) { try SourceFile.find(["/dev/null"]) }
    }

    @Test func archivesOfSeveralParts() throws {
        // "{}" as gzip: one stored block, CRC-32 and length.
        let member: [UInt8] = [
            0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0x01, 0x02, 0x00, 0xFD, 0xFF, 0x7B, 0x7D, 0x43, 0xBF, 0xA6, 0xA3, 2,
            0, 0, 0,
        ]
        #expect(try Packing.gzip.unpack(member) == Array("{}".utf8))
        #expect(try Packing.gzip.unpack(member + member) == Array("{}{}".utf8))
        #expect(throws: ImportProblem.damagedArchive) { try Packing.gzip.unpack(member + [1]) }
        #expect(throws: ImportProblem.tooLarge(limit: 1)) { try Packing.gzip.unpack(member, limit: 1) }
        for count in 0..<member.count {
            #expect(throws: ImportProblem.damagedArchive) { try Packing.gzip.unpack(Array(member.prefix(count))) }
        }
    }
}
