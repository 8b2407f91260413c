// SPDX-License-Identifier: Apache-2.0

import Codecs
import Glibc
package import Kernel

/// The file with the key that unwraps the root key at an unattended start.
///
/// It stands outside the data folder, so that a stolen data folder or backup opens nothing (HHS guidance under
/// 45 CFR 164.402: keys are kept apart from the data).
package struct KeyFile: Sendable {
    /// Where it is.
    package let path: String

    /// The key file at `path`.
    package init(path: String) {
        self.path = path
    }

    private static let prefix = "salus-key-1 "

    /// Reads the 32 bytes of the key; nil when there is no such file.
    ///
    /// - Throws: `Fault.unavailable` when it cannot be read or others may read it, `Fault.invalidInput` when it is
    ///   no key file.
    package func read() throws -> [UInt8]? {
        guard let bytes = try FileBytes.read(path, limit: 4_096) else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix(Self.prefix) }),
            let key = Base64.decode(String(line.dropFirst(Self.prefix.count))), key.count == 32
        else {
            throw Fault(.invalidInput, "\(path) is not a Salus key file.")
        }
        return key
    }

    /// Writes `key` to a file that did not exist before, readable by its owner alone.
    ///
    /// - Throws: `Fault.unavailable` when the file exists or cannot be written durably.
    package func create(_ key: [UInt8]) throws {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        try FileBytes.makeFolder(folder.isEmpty ? "." : folder)
        let text = """
            # The key that opens this Salus installation. Keep it outside the data folder and out of its backups.
            \(Self.prefix)\(Base64.encode(key))

            """
        try FileBytes.create(path, Array(text.utf8), mode: 0o600)
    }

    /// The place of the key file when none is named: a systemd credential, else the state folder of the machine.
    package static func standard(
        institution: Identifier<Institution>, environment: [String: String]
    ) -> KeyFile {
        if let folder = environment["CREDENTIALS_DIRECTORY"] {
            let credential = "\(folder)/salus.root"
            if unsafe access(credential, F_OK) == 0 { return KeyFile(path: credential) }
        }
        let state: String
        if getuid() == 0 {
            state = "/var/lib/salus-keys"
        } else if let folder = environment["XDG_STATE_HOME"] {
            state = "\(folder)/salus"
        } else {
            state = "\(environment["HOME"] ?? "/var/tmp")/.local/state/salus"
        }
        return KeyFile(path: "\(state)/\(institution).key")
    }
}
