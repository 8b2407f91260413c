// SPDX-License-Identifier: Apache-2.0

/// A request as it came over the wire.
package struct IncomingRequest: Sendable {
    /// The method in capitals.
    package let method: String
    /// The path, still percent-encoded, without the query.
    package let path: String
    /// The query without its question mark.
    package let query: String
    /// The header fields with lower-case names.
    package let headers: [(name: String, value: String)]
    /// The body as far as it was read, never more than its route takes.
    package var body: [UInt8]
    /// The peer's address, without its port.
    package let source: String

    /// A request.
    package init(
        method: String, path: String, query: String, headers: [(name: String, value: String)], body: [UInt8],
        source: String
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.source = source
    }

    /// The first value of the header field `name`, which is written in lower case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }

    /// The cookies by name; of two with one name the first counts.
    package var cookies: [String: String] {
        var cookies: [String: String] = [:]
        for field in headers where field.name == "cookie" {
            for pair in field.value.utf8.split(separator: UInt8(ascii: ";")) {
                let parts = pair.drop { $0 == UInt8(ascii: " ") }.split(separator: UInt8(ascii: "="), maxSplits: 1)
                guard parts.count == 2, let name = String(parts[0]), let value = String(parts[1]) else { continue }
                cookies[name] = cookies[name] ?? value
            }
        }
        return cookies
    }
}

/// An answer that is ready to be written.
package struct OutgoingResponse: Sendable {
    /// The HTTP status.
    package var status: Int
    /// The header fields.
    package var headers: [(name: String, value: String)]
    /// The body.
    package var body: [UInt8]

    /// An answer.
    package init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
