// SPDX-License-Identifier: Apache-2.0

import Access
import ArgumentParser
import Building
import Codecs
import Foundation
import Kernel
import Ledger
import TransparencyLog

/// `salus ledger check`.
struct LedgerCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check proofs of entries, on any machine and without an installation.",
        discussion: """
            FILE is a proof that was downloaded or written by `salus ledger prove`, or an accounting of disclosures \
            (FHIR), of which each event is checked and held against the entry that it carries. The public key is the text that the log's page shows, or a file \
            with it; get it on another way than the proofs.

            EXIT STATUS: 0 every proof holds, 6 one does not.
            """)

    @Option(help: ArgumentHelp("The log's public key, or a file that holds it.", valueName: "vkey"))
    var key: String

    @Flag(help: "Print JSON for other programs.")
    var json = false

    @Argument(help: ArgumentHelp("Proofs and accountings.", valueName: "file"))
    var files: [String]

    func run() async throws {
        let key = try Self.verifier(key)
        var results: [ProofResult] = []
        for file in files {
            let bytes = try Self.read(file)
            let isBundle = bytes.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "{")
            results += isBundle ? try Self.bundle(bytes, file, key) : [ProofResult(file, bytes, leaf: nil, key)]
        }
        if json {
            Terminal.json(
                .object([
                    .init("hold", .boolean(results.allSatisfy { $0.problem == nil })),
                    .init("proofs", .array(results.map(\.value))),
                ]))
        } else {
            for result in results { Terminal.line(result.line) }
            let failed = results.count { $0.problem != nil }
            Terminal.line(
                failed == 0
                    ? "all \(results.count) hold: these entries stand unchanged in the log of \(key.name)"
                    : "\(failed) of \(results.count) do not hold")
        }
        if results.contains(where: { $0.problem != nil }) { throw ExitCode(6) }
    }

    private static func verifier(_ text: String) throws -> VerifierKey {
        if let key = try? VerifierKey(vkey: text) { return key }
        let data = FileManager.default.contents(atPath: text) ?? Data()
        let line = data.prefix(4_096).prefix { $0 != UInt8(ascii: "\n") }
        guard let key = try? VerifierKey(vkey: String(decoding: line, as: UTF8.self)) else {
            throw Fault(
                .invalidInput,
                "--key is neither the public key of a log nor a file with one. The console shows it at /ledger/vkey.")
        }
        return key
    }

    private static func read(_ path: String) throws -> [UInt8] {
        guard let file = FileHandle(forReadingAtPath: path), let data = try? file.read(upToCount: 256 << 20) else {
            throw Fault(.invalidInput, "\(TerminalText.harmless(path)) cannot be read.")
        }
        return Array(data)
    }

    /// The proofs of an accounting of disclosures.
    private static func bundle(_ bytes: [UInt8], _ file: String, _ key: VerifierKey) throws -> [ProofResult] {
        guard let root = try? JSONDocument.parse(bytes).root, let entries = root["entry"]?.elements else {
            throw Fault(.invalidInput, "\(TerminalText.harmless(file)) is neither a proof nor an accounting.")
        }
        var results: [ProofResult] = []
        var accounting = AccountingCheck()
        for (number, entry) in entries.enumerated() {
            let parts = entry["resource"]?["extension"]?.elements.lazy
                .filter { $0["url"]?.string?.utf8.reversed().starts(with: "/inclusion-proof".utf8.reversed()) ?? false }
                .compactMap { $0["extension"] }.first
            func part(_ name: String) -> [UInt8] {
                let found = parts?.elements.first { $0["url"]?.means(name) ?? false }
                return found?["valueBase64Binary"]?.string.flatMap { Base64.decode($0) } ?? []
            }
            let name = "\(file), entry \(number + 1)"
            var result = ProofResult(name, part("proof"), leaf: part("leaf"), key)
            if result.problem == nil, let leaf = result.leaf, let index = result.index {
                result.problem = accounting.problem(of: entry, leaf, at: index)
            }
            results.append(result)
        }
        guard !results.isEmpty else {
            throw Fault(.invalidInput, "\(TerminalText.harmless(file)) holds no entry, so there is nothing to check.")
        }
        return results
    }
}
