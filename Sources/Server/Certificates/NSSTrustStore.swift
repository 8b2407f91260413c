// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kernel

/// Where Chromium and Firefox keep the authorities that a person trusts (Mozilla's NSS).
enum NSSDatabases {
    /// A database of a browser.
    struct Found {
        let name: String
        let folder: String
    }

    private static let chromium = [
        ("Chromium and Chrome", ".pki/nssdb"),
        ("Chromium (snap)", "snap/chromium/current/.pki/nssdb"),
        ("Chromium (flatpak)", ".var/app/org.chromium.Chromium/.pki/nssdb"),
        ("Chrome (flatpak)", ".var/app/com.google.Chrome/.pki/nssdb"),
    ]
    private static let firefox = [
        ("Firefox", ".mozilla/firefox"),
        ("Firefox", ".config/mozilla/firefox"),
        ("Firefox (snap)", "snap/firefox/common/.mozilla/firefox"),
        ("Firefox (flatpak)", ".var/app/org.mozilla.firefox/.mozilla/firefox"),
    ]

    /// Chromium's own database, which is made where it is missing, and all others that are there.
    static func of(_ user: InvokingUser) -> [Found] {
        let files = FileManager.default
        let first = Found(name: chromium[0].0, folder: "\(user.home)/\(chromium[0].1)")
        let others = chromium.dropFirst().map { Found(name: $0.0, folder: "\(user.home)/\($0.1)") }
        let profiles = firefox.flatMap { name, folder in
            ((try? files.contentsOfDirectory(atPath: "\(user.home)/\(folder)")) ?? []).sorted().map {
                Found(name: name, folder: "\(user.home)/\(folder)/\($0)")
            }
        }
        return [first] + (others + profiles).filter { files.fileExists(atPath: "\($0.folder)/cert9.db") }
    }
}

/// One database of NSS, changed with `certutil` as the person to whom it belongs.
struct NSSTrustStore: TrustStore {
    private static let certutil = "/usr/bin/certutil"
    private let database: String
    private let folder: String
    private let user: InvokingUser
    let name: String

    init(folder: String, name: String, user: InvokingUser) {
        self.folder = folder
        self.name = "\(name), \(folder)"
        self.user = user
        database = "sql:\(folder)"
    }

    var plan: String { "its authorities, with certutil" }

    func trust(_ authority: AuthorityFile) throws -> TrustOutcome {
        if let hindrance { return .impossible(hindrance) }
        guard try makeIfMissing() else { return .impossible("the database cannot be made") }
        if try holds(authority) { return .already("trusted already") }
        // C: an authority for servers. Nothing is said of e-mail and of code.
        let file = try readable(authority)
        defer { if file != authority.path { try? FileManager.default.removeItem(atPath: file) } }
        let result = try user.run(
            Self.certutil, ["-A", "-d", database, "-t", "C,,", "-n", authority.name, "-i", file])
        return result.succeeded ? .done("trusted now") : .impossible("certutil says: \(result.lastLine)")
    }

    func untrust(_ authority: AuthorityFile) throws -> TrustOutcome {
        guard FileManager.default.fileExists(atPath: "\(folder)/cert9.db") else { return .already("did not trust it") }
        if let hindrance { return .impossible(hindrance) }
        guard try holds(authority) else { return .already("did not trust it") }
        let result = try user.run(Self.certutil, ["-D", "-d", database, "-n", authority.name])
        return result.succeeded ? .done("trusted no longer") : .impossible("certutil says: \(result.lastLine)")
    }

    private var hindrance: String? {
        guard !FileManager.default.isExecutableFile(atPath: Self.certutil) else { return nil }
        return "certutil is missing: apt install libnss3-tools"
    }

    private func holds(_ authority: AuthorityFile) throws -> Bool {
        try user.run(Self.certutil, ["-L", "-d", database, "-n", authority.name]).succeeded
    }

    /// Chromium makes its database at its first start; what is put there before is found.
    private func makeIfMissing() throws -> Bool {
        if FileManager.default.fileExists(atPath: "\(folder)/cert9.db") { return true }
        _ = try user.run("/bin/mkdir", ["-p", "-m", "700", folder])
        return try user.run(Self.certutil, ["-N", "-d", database, "--empty-password"]).succeeded
    }

    /// The certificate where the person can read it: Salus's own folder is closed to them.
    private func readable(_ authority: AuthorityFile) throws -> String {
        guard user.otherName != nil else { return authority.path }
        let copy =
            "\(FileManager.default.temporaryDirectory.path)/\(authority.systemName).\(UInt64.random(in: 0...(.max)))"
        do {
            try Data(contentsOf: URL(fileURLWithPath: authority.path))
                .write(to: URL(fileURLWithPath: copy), options: .withoutOverwriting)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: copy)
        } catch {
            throw Fault(.unavailable, "\(copy) cannot be written.", cause: error)
        }
        return copy
    }
}
