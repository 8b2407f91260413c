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
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        guard let line = lines.first(where: { $0.hasPrefix(Self.prefix) }),
            let key = Base64.decode(String(line.dropFirst(Self.prefix.count))), key.count == 32
        else {
            throw Fault(.invalidInput, "\(path) is not a Salus key file.")
        }
        return key
    }

    /// Writes `key` to a file that did not exist before, readable by its owner alone.
    ///
    /// - Throws: `Fault.conflict` when the file exists, `Fault.unavailable` when it cannot be written durably.
    package func create(_ key: [UInt8]) throws {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        try FileBytes.makeFolder(folder.isEmpty ? "." : folder)
        let text = """
            # The key that opens this Salus installation. Keep it outside the data folder and out of its backups.
            \(Self.prefix)\(Base64.encode(key))

            """
        try FileBytes.create(path, Array(text.utf8), mode: 0o600)
    }

    /// Removes a file that was made in vain.
    func remove() {
        FileBytes.remove(path)
    }

    /// The place of the key file when none is named: a systemd credential, else the machine's folder of keys for root
    /// and for the user to whom it was given, else the state folder of the user.
    package static func standard(
        institution: Identifier<Institution>, environment: [String: String],
        machineFolder: String = "/var/lib/salus-keys"
    ) -> KeyFile {
        if let folder = environment["CREDENTIALS_DIRECTORY"], folder.hasPrefix("/") {
            let credential = "\(folder)/salus.root"
            if unsafe access(credential, F_OK) == 0 { return KeyFile(path: credential) }
        }
        let isOurs = getuid() == 0 || isOwned(machineFolder)
        let state = isOurs ? machineFolder : "\(stateFolder(environment))/salus"
        return KeyFile(path: "\(state)/\(institution).key")
    }

    /// Whether the folder belongs to this user, as the one that the package gives to the service does.
    private static func isOwned(_ folder: String) -> Bool {
        var status = stat()
        return unsafe stat(folder, &status) == 0 && status.st_uid == getuid()
    }

    /// The user's state folder (XDG Base Directory: what is not absolute is ignored). Never one that others may
    /// write, such as `/var/tmp`: a stranger could stand there first.
    static func stateFolder(_ environment: [String: String]) -> String {
        if let folder = environment["XDG_STATE_HOME"], folder.hasPrefix("/") { return folder }
        if let home = environment["HOME"], home.hasPrefix("/") { return "\(home)/.local/state" }
        guard let user = unsafe getpwuid(getuid()), let home = unsafe user.pointee.pw_dir else { return "/var/lib" }
        return unsafe "\(String(cString: home))/.local/state"
    }
}
