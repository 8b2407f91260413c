// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A folder of a machine that is reached by ssh.
struct SFTPAddress: Sendable, Equatable {
    let user: String?
    let host: String
    let port: Int?
    /// From the root, or from where the user arrives.
    let path: String

    /// Reads what follows `sftp:`: `user@host:/folder`, or `//user@host:port//folder`.
    ///
    /// - Throws: `PlaceAddressError.noSFTPAddress`.
    init(_ text: String) throws(PlaceAddressError) {
        let parts = text.utf8.starts(with: "//".utf8) ? Self.ofURL(text) : Self.ofShortForm(text)
        guard let parts, Self.isHost(parts.host), parts.user.map({ Self.isWord($0) }) ?? true,
            let path = Self.clean(parts.path)
        else { throw .noSFTPAddress }
        (user, host, port, self.path) = (parts.user, parts.host, parts.port, path)
    }

    private typealias Parts = (user: String?, host: String, port: Int?, path: String)

    private static func ofURL(_ text: String) -> Parts? {
        guard let parts = URLComponents(string: "sftp:" + text), let host = parts.host, parts.password == nil,
            parts.query == nil, parts.fragment == nil, parts.path.utf8.first == UInt8(ascii: "/")
        else { return nil }
        // The first slash only ends the name of the machine.
        return (parts.user, host.trimmingCharacters(in: ["[", "]"]), parts.port, String(parts.path.dropFirst()))
    }

    private static func ofShortForm(_ text: String) -> Parts? {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let path = String(text[text.index(after: colon)...])
        // A name of a user may hold an @ itself.
        guard let at = text[..<colon].lastIndex(of: "@") else { return (nil, String(text[..<colon]), nil, path) }
        return (String(text[..<at]), String(text[text.index(after: at)..<colon]), nil, path)
    }

    /// What begins with a hyphen ssh would take for an option.
    private static func isHost(_ text: String) -> Bool {
        isWord(text) && text.utf8.first != UInt8(ascii: "-")
    }

    private static func isWord(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }

    /// Without slashes at its end. Servers do not know what `~` means.
    private static func clean(_ path: String) -> String? {
        var path = path
        while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path.isEmpty || path.hasPrefix("~") || path.utf8.contains(0) ? nil : path
    }

    var name: String {
        port.map { "sftp://\(login):\($0)/\(path)" } ?? "sftp:\(login):\(path)"
    }

    private var login: String { user.map { "\($0)@\(host)" } ?? host }

    /// The program that connects, with what it is given.
    ///
    /// - Parameter arguments: more of them for ssh.
    func command(_ arguments: [String]) -> [String] {
        var command = ["ssh"]
        if let port { command += ["-p", String(port)] }
        if let user { command += ["-l", user] }
        return command + arguments + ["-s", "--", host, "sftp"]
    }
}
