// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// A folder for the time of one trial, removed with this object. What is in it:
///
/// - `run`: the socket of the server, whose folder it is;
/// - `settings`: the server's, which it only reads;
/// - `root`: where it may see its data;
/// - `said`: what programs write, in a folder of ours: the server could otherwise put links there.
final class TrialFolder: Sendable {
    let path: String

    /// - Parameter owner: as whom the server runs.
    /// - Throws: `SystemError`.
    init(owner: (uid: UInt32, gid: UInt32)) throws(SystemError) {
        // The path of a socket may have 107 bytes, so it cannot be just anywhere.
        var template = Array("/tmp/salus-trial-XXXXXX".utf8CString)
        // SAFETY: the template ends in a zero byte and is written in place; what is not empty has an address.
        let isMade = unsafe template.withUnsafeMutableBufferPointer { name in
            unsafe mkdtemp(name.baseAddress.unsafelyUnwrapped) != nil
        }
        guard isMade else { throw SystemError("make a folder in", Array("/tmp".utf8)) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        try makeFolder("run", owner)
        try makeFolder("root", owner)
        try makeFolder("settings", owner)
        try makeFolder("said", (geteuid(), getegid()))
        try makeFile("settings/postgresql.conf", "", owner)
        try makeFile("settings/pg_ident.conf", "", owner)
        try makeFile("settings/pg_hba.conf", "local all all trust\n", owner)
        guard unsafe chmod(path, 0o711) == 0 else { throw SystemError("open", Array(path.utf8)) }
    }

    /// Where the server's socket is.
    var socket: String { "\(path)/run" }

    private func makeFolder(_ name: String, _ owner: (uid: UInt32, gid: UInt32)) throws(SystemError) {
        let folder = "\(path)/\(name)"
        guard unsafe mkdir(folder, 0o700) == 0, unsafe chown(folder, owner.uid, owner.gid) == 0 else {
            throw SystemError("make", Array(folder.utf8))
        }
    }

    private func makeFile(_ name: String, _ text: String, _ owner: (uid: UInt32, gid: UInt32)) throws(SystemError) {
        let path = Array("\(path)/\(name)".utf8)
        let file = try Descriptor(opening: path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
        try file.write(Array(text.utf8))
        guard fchown(file.number, owner.uid, owner.gid) == 0 else { throw SystemError("give away", path) }
        try file.sync()
    }

    /// The path of a file for what a program writes.
    func output(_ name: String) -> String { "\(path)/said/\(name)" }

    /// The end of what a program wrote, as text.
    func text(_ name: String) -> String {
        let most = 4 << 20
        guard let file = try? Descriptor(opening: Array(output(name).utf8), O_RDONLY | O_NOFOLLOW),
            let size = try? file.status().size
        else { return "" }
        var bytes = Array(repeating: UInt8(0), count: Int(min(size, Int64(most))))
        guard let count = try? file.read(into: &bytes, at: max(0, size - Int64(most))) else { return "" }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    deinit {
        // Nothing is mounted in it here: what the server sees there is a view of its own.
        try? FileManager.default.removeItem(atPath: path)
    }
}
