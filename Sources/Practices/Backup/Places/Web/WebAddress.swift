// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where something is on the web, and as whom one asks there.
struct WebAddress: Sendable {
    /// `https://host:port/path`, without a slash at its end, and without what nobody may see.
    let text: String
    /// `host`, or `host:port` where the port is not the usual one.
    let authority: String
    /// The path with its escapes, from its first slash on; nothing for the root.
    let path: String
    let isSecure: Bool
    /// Who asks; nil where the address does not say.
    let credentials: WebCredentials?

    /// - Returns: nil for what is no http or https address, or has a query or a fragment.
    init?(_ text: String) {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            scheme == "http" || scheme == "https", let host = parts.encodedHost, !host.isEmpty,
            parts.query == nil, parts.fragment == nil
        else { return nil }
        isSecure = scheme == "https"
        let usual = isSecure ? 443 : 80
        authority = parts.port.flatMap { $0 == usual ? nil : "\(host):\($0)" } ?? host
        var path = parts.percentEncodedPath
        while path.hasSuffix("/") { path.removeLast() }
        self.path = path
        self.text = "\(scheme)://\(authority)\(path)"
        let (user, password) = (parts.user ?? "", parts.password ?? "")
        credentials = user.isEmpty && password.isEmpty ? nil : WebCredentials(user: user, password: password)
    }
}

/// A user and a password; neither is ever printed.
struct WebCredentials: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let user: String
    let password: String

    var description: String { "credentials" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}
