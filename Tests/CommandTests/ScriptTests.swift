// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@Suite("Commands", .serialized)
struct ScriptTests {
    @Test func thereAreScripts() {
        #expect(Script.all.count >= 8)
        #expect(Script.all.allSatisfy { !$0.steps.isEmpty })
    }

    @Test(arguments: Script.all)
    func script(_ script: Script) async throws {
        try await TemporaryFolder.with { folder in
            for step in script.steps {
                switch step {
                case .file(let name, let text):
                    try text.write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8)
                case .command(let command):
                    try await run(command, of: script, in: folder)
                }
            }
        }
    }

    private func run(_ command: Script.Command, of script: Script, in folder: String) async throws {
        let programs = URL(fileURLWithPath: Program.path).deletingLastPathComponent().path
        let environment = [
            "PATH": "\(programs):/usr/bin:/bin", "SALUS_DATA": "data", "SALUS_KEY_FILE": "key",
            "SALUS_LISTEN": "127.0.0.1:0",
        ]
        let said = try await Program.run(
            "/bin/sh", ["-c", command.text], environment: environment, in: folder, within: .seconds(120))
        let place = "\(script.name):\(command.line): \(command.text)"
        #expect(said.status == command.status, "\(place)\n\(said.words)")
        #expect(
            Expectation.isMet(command.output, by: said.output),
            "\(place)\nexpected:\n\(command.output.joined(separator: "\n"))\nfound:\n\(said.output)")
        #expect(
            Expectation.isMet(command.errors, by: said.errors),
            "\(place)\nexpected on standard error:\n\(command.errors.joined(separator: "\n"))\nfound:\n\(said.errors)")
    }

    @Test(arguments: [
        ("a", "a", true), ("a", "b", false), ("...", "anything\nat all", true), ("...\nz", "a\nb\nz", true),
        ("a ... c", "a b c", true), ("a ... c", "a b d", false), ("a\n...\nb", "a\nb", true), ("", "x", false),
        ("a...b...c", "a1b2c", true), ("a...b...c", "a1c2b", false),
    ])
    func expectations(_ expected: String, _ text: String, isMet: Bool) {
        let lines = expected.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(Expectation.isMet(lines, by: text) == isMet)
    }

    @Test func aScriptIsReadAsItIsWritten() throws {
        let script = Script("x", "# why\n-- f --\none\n--\n$ salus\nout\n\n! err\n? 3\n\n$ true\n")
        #expect(script.steps.count == 3)
        guard case .file(let name, let text) = script.steps[0], case .command(let first) = script.steps[1] else {
            throw TestSupportError("other steps")
        }
        #expect(name == "f" && text == "one\n")
        #expect(first.text == "salus" && first.status == 3 && first.errors == ["err"])
        #expect(first.output.first == "out" && first.line == 5)
    }
}
