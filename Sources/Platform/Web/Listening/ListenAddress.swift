// SPDX-License-Identifier: Apache-2.0

/// Where the console listens: a host name or address, and a port.
package struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// The name or address to bind, without brackets.
    package let host: String
    /// The TCP port; 0 lets the system choose.
    package let port: Int

    /// Reads `HOST:PORT`, with brackets around an IPv6 address; nil for anything else.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")), colon > 0,
            let port = Int(String(decoding: bytes[(colon + 1)...], as: UTF8.self)), (0...65_535).contains(port)
        else { return nil }
        var host = bytes[..<colon]
        if host.first == UInt8(ascii: "["), host.last == UInt8(ascii: "]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(UInt8(ascii: ":")) {
            return nil
        }
        guard !host.isEmpty else { return nil }
        self.host = String(decoding: host, as: UTF8.self)
        self.port = port
    }

    package var description: String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Whether only this machine can reach it.
    package var isLoopback: Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }
}
