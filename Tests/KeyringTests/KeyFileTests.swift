// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kernel
import Store
import TestSupport
import Testing

@testable import Keyring

@Suite struct KeyFileTests {
    private func mode(_ path: String) -> mode_t? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
    }

    @Test func aKeyFileIsItsOwnersAlone() async throws {
        try await TemporaryFolder.with { folder in
            let file = KeyFile(path: folder + "/a/b/salus.root")
            #expect(try file.read() == nil)
            let key = (0..<32).map { UInt8($0) }
            try file.create(key)
            #expect(try file.read() == key)
            #expect(mode(file.path) == 0o600)
            #expect(mode(folder + "/a") == 0o700 && mode(folder + "/a/b") == 0o700)
            // Nothing but the file is left, and it is never replaced.
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/a/b") == ["salus.root"])
            let fault = #expect(throws: Fault.self) { try file.create([UInt8](repeating: 9, count: 32)) }
            #expect(fault?.code == .conflict && fault?.message.contains(file.path) == true)
            #expect(try file.read() == key)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/a/b") == ["salus.root"])
        }
    }

    @Test(arguments: [0o604, 0o640, 0o620, 0o602, 0o666, 0o644, 0o601, 0o610])
    func aKeyFileThatOthersMayUseIsRefused(_ mode: Int) async throws {
        try await KeyringFixture.with(.sqlite) { fixture in
            _ = try await fixture.open()
            unsafe chmod(fixture.keyFile.path, mode_t(mode))
            let fault = await #expect(throws: Fault.self) { try await fixture.open() }
            #expect(fault?.code == .unavailable && fault?.message.contains("chmod 600 \(fixture.keyFile.path)") == true)
            unsafe chmod(fixture.keyFile.path, 0o400)
            _ = try await fixture.open()
        }
    }

    @Test(arguments: [
        "", "salus-key-1", "salus-key-1 ", "salus-key-1 AAAA", "salus-key-2 " + String(repeating: "A", count: 43) + "=",
        "salus-key-1 " + String(repeating: "A", count: 43), "salus-key-1 " + String(repeating: "*", count: 44),
        "# salus-key-1 " + String(repeating: "A", count: 43) + "=", "\u{0}\u{0}",
    ])
    func whatIsNoKeyFileIsRefused(_ text: String) async throws {
        try await TemporaryFolder.with { folder in
            let file = KeyFile(path: folder + "/key")
            _ = FileManager.default.createFile(
                atPath: file.path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
            let fault = #expect(throws: Fault.self) { try file.read() }
            #expect(fault?.code == .invalidInput && fault?.message.contains(file.path) == true)
            #expect(fault?.message.contains("AAAA") == false)
        }
    }

    /// Copied through a Windows machine, or with a remark more.
    @Test(arguments: ["\r\n", "\n"])
    func lineEndsDoNotMatter(_ end: String) async throws {
        try await TemporaryFolder.with { folder in
            let file = KeyFile(path: folder + "/key")
            let text = ["# a remark", "salus-key-1 " + String(repeating: "A", count: 43) + "=", ""].joined(
                separator: end)
            _ = FileManager.default.createFile(
                atPath: file.path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
            let key = try file.read()
            #expect(key == [UInt8](repeating: 0, count: 32))
        }
    }

    @Test func aFolderIsNoKeyFile() async throws {
        try await TemporaryFolder.with { folder in
            _ = #expect(throws: Fault.self) { try KeyFile(path: folder).read() }
        }
    }

    @Test func theStandardPlaceIsOutsideTheData() async throws {
        let institution = try #require(Identifier<Institution>(bytes: [UInt8](repeating: 7, count: 16)))
        let name = "\(institution).key"
        try await TemporaryFolder.with { folder in
            let elsewhere = KeyFile.standard(institution: institution, environment: ["CREDENTIALS_DIRECTORY": folder])
            #expect(elsewhere.path.hasSuffix(name) && !elsewhere.path.hasPrefix(folder))
            _ = FileManager.default.createFile(atPath: folder + "/salus.root", contents: nil)
            let credential = KeyFile.standard(institution: institution, environment: ["CREDENTIALS_DIRECTORY": folder])
            #expect(credential.path == folder + "/salus.root")
            if getuid() == 0 { #expect(elsewhere.path == "/var/lib/salus-keys/\(name)") }
        }
        for odd in ["", "relative"] {
            let file = KeyFile.standard(institution: institution, environment: ["CREDENTIALS_DIRECTORY": odd])
            #expect(file.path.hasPrefix("/") && file.path.hasSuffix("/" + name))
        }
    }

    /// The package gives the machine's folder to the user of the service; commands of that user find the key there too.
    @Test func theMachinesFolderIsForWhomItBelongsTo() async throws {
        let institution = try #require(Identifier<Institution>(bytes: [UInt8](repeating: 7, count: 16)))
        try await TemporaryFolder.with { folder in
            let own = KeyFile.standard(institution: institution, environment: [:], machineFolder: folder)
            #expect(own.path == "\(folder)/\(institution).key")
            let strange = getuid() == 0 ? "/nonexistent" : "/"
            let other = KeyFile.standard(institution: institution, environment: [:], machineFolder: strange)
            #expect(getuid() == 0 || !other.path.hasPrefix("/\(institution)"))
        }
    }

    @Test(arguments: [
        (["XDG_STATE_HOME": "/state", "HOME": "/home/a"], "/state"),
        (["XDG_STATE_HOME": "", "HOME": "/home/a"], "/home/a/.local/state"),
        (["XDG_STATE_HOME": "here", "HOME": "/home/a"], "/home/a/.local/state"),
    ])
    func theStateFolderFollowsTheEnvironment(_ environment: [String: String], _ expected: String) {
        #expect(KeyFile.stateFolder(environment) == expected)
    }

    /// Without a home in the environment the account's own counts, never a folder that everybody may write.
    @Test(arguments: [[:], ["HOME": ""], ["HOME": "x"]] as [[String: String]])
    func withoutAHomeNobodyCanStandThereFirst(_ environment: [String: String]) {
        let folder = KeyFile.stateFolder(environment)
        #expect(folder.hasPrefix("/") && !folder.contains("/tmp"))
    }
}
