// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@Suite("salus ledger verify")
struct VerifyTests {
    @Test func aWholeLogIsVerifiedWithoutAKey() async throws {
        try await Installation.with(copyOf: try await Templates.shared.clinic()) { installation in
            let said = try await Program.run(["ledger", "verify", "--data", installation.data])
            let whole = try await installation.verified()
            #expect(whole.leaves > 3_000)
            #expect(said.status == 0)
            #expect(said.output == "verified: \(whole.leaves) leaves, root \(whole.root)\n")
        }
    }

    @Test func anyChangedByteOfAnyFileIsFound() async throws {
        try await Installation.with(copyOf: try await Templates.shared.clinic()) { installation in
            let whole = try await installation.verified()
            var chance = Chance(seed: 3)
            for (file, position) in try positions(installation, &chance) {
                let path = "\(installation.ledger)/\(file)"
                let good = try #require(FileManager.default.contents(atPath: path))
                var bad = good
                bad[position] ^= UInt8.random(in: 1...255, using: &chance)
                try bad.write(to: URL(fileURLWithPath: path))
                let said = try await installation.salus("ledger", "verify")
                #expect(said.status == 6, "byte \(position) of \(file): \(said.words)")
                #expect(names(said.output, file), "byte \(position) of \(file): \(said.output)")
                try good.write(to: URL(fileURLWithPath: path))
            }
            #expect(try await installation.verified() == whole)
        }
    }

    /// First and last byte of each file, and places in between, about sixty in all.
    private func positions(_ installation: Installation, _ chance: inout Chance) throws -> [(String, Int)] {
        var found: [(String, Int)] = []
        let files = try installation.files(below: "ledger")
        #expect(files.contains("checkpoint") && files.contains("vkey") && files.count > 20)
        for file in files {
            let data = try #require(FileManager.default.contents(atPath: "\(installation.ledger)/\(file)"))
            let places = Program.isLong ? 20 : 1
            found += ([0, data.count - 1] + (0..<places).map { _ in Int.random(in: data.indices, using: &chance) })
                .map { (file, $0) }
        }
        return Program.isLong ? found : Array(found.shuffled(using: &chance).prefix(64))
    }

    /// Whether the words lead to the file: by its name, or by an entry that is in it.
    private func names(_ words: String, _ file: String) -> Bool {
        if words.contains(file) || file == "vkey" { return words.contains("damaged: ") }
        return words.contains("damaged: ") && (words.contains("tile/") || words.contains("entry "))
    }

    @Test func aMissingFileAStrangerAndACutFileAreFound() async throws {
        try await Installation.with(copyOf: try await Templates.shared.clinic()) { installation in
            let files = try installation.files(below: "ledger")
            for file in files {
                let (path, aside) = ("\(installation.ledger)/\(file)", "\(installation.folder)/aside")
                try FileManager.default.moveItem(atPath: path, toPath: aside)
                let said = try await installation.salus("ledger", "verify")
                #expect(said.status == 6, "without \(file): \(said.words)")
                try Data(FileManager.default.contents(atPath: aside)?.dropLast() ?? Data())
                    .write(to: URL(fileURLWithPath: path))
                let cut = try await installation.salus("ledger", "verify")
                #expect(cut.status == 6, "\(file) cut by a byte: \(cut.words)")
                try FileManager.default.removeItem(atPath: path)
                try FileManager.default.moveItem(atPath: aside, toPath: path)
            }
            try write("hello", to: "\(installation.ledger)/tile/stranger")
            let said = try await installation.salus("ledger", "verify")
            #expect(said.status == 6)
            #expect(said.output.contains("tile/stranger"))
            try FileManager.default.removeItem(atPath: "\(installation.ledger)/tile/stranger")
            _ = try await installation.verified()
        }
    }

    @Test func aLogOrAStoreThatWasSetBackIsFound() async throws {
        try await Installation.with(copyOf: try await Templates.shared.clinic()) { installation in
            let old = Installation(folder: "\(installation.folder)/old")
            try FileManager.default.createDirectory(atPath: old.folder, withIntermediateDirectories: false)
            try copy(installation.data, old.data)
            let oldCheckpoint = try await installation.salus("ledger", "checkpoint").output
            #expect(try await installation.salus("keys", "rotate").status == 0)
            let newest = "\(installation.folder)/newest"
            try write(try await installation.salus("ledger", "checkpoint").output, to: newest)
            try write(oldCheckpoint, to: "\(installation.folder)/oldest")

            // The newer log still contains what the older checkpoint covered.
            let onward = try await installation.salus(
                "ledger", "verify", "--against", "\(installation.folder)/oldest")
            #expect(onward.status == 0, "\(onward.words)")

            // Everything older, against a checkpoint that was kept elsewhere.
            let against = try await old.salus("ledger", "verify", "--against", newest)
            #expect(against.status == 6)
            #expect(against.output.contains("the log was set back"))

            // An old log under the newer store: its end was cut off.
            let (present, aside) = (installation.ledger, "\(installation.folder)/aside")
            try FileManager.default.moveItem(atPath: present, toPath: aside)
            try copy(old.ledger, present)
            let cut = try await installation.salus("ledger", "verify")
            #expect(cut.status == 6)
            #expect(cut.output.contains("the end of the log was cut off"), "\(cut.words)")
            try FileManager.default.removeItem(atPath: present)
            try FileManager.default.moveItem(atPath: aside, toPath: present)
            _ = try await installation.verified()

            // An old store under the newer log.
            for file in try installation.files() where file.hasPrefix("salus.db") {
                try FileManager.default.removeItem(atPath: "\(installation.data)/\(file)")
            }
            for file in try old.files() where file.hasPrefix("salus.db") {
                try copy("\(old.data)/\(file)", "\(installation.data)/\(file)")
            }
            let back = try await installation.salus("ledger", "verify")
            #expect(back.status == 6)
            #expect(back.output.contains("the store was set back"), "\(back.words)")
            let up = try await installation.salus("up", "--listen", "127.0.0.1:0")
            #expect(up.status == 6)
            #expect(up.errors.contains("the store was set back to an earlier state"), "\(up.words)")
        }
    }

    private func copy(_ from: String, _ to: String) throws {
        try FileManager.default.copyItem(atPath: from, toPath: to)
    }
}
