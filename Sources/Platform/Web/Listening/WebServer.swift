// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdHTTP2
package import Logging
import NIOCore
package import NIOSSL
import ServiceLifecycle

/// The listener of the console: HTTP/2 and HTTP/1.1 over TLS, nothing in plain text.
package struct WebServer: Service {
    /// The largest body that is read where a route says nothing else; forms are small.
    package static let bodyLimit = 64 * 1_024

    private let application: Application<CallbackResponder<PeerContext>>

    /// A listener at `address` that gives each request to `answer`.
    ///
    /// `largestBody` says for a method and a path how many bytes of a body are read; `onListening` is told the port once connections are accepted.
    ///
    /// - Throws: what swift-nio-ssl says of an unusable certificate or key.
    package init(
        at address: ListenAddress, tls: TLSConfiguration, logger: Logger,
        largestBody: @escaping @Sendable (String, String) -> Int = { _, _ in WebServer.bodyLimit },
        onListening: @escaping @Sendable (Int) async -> Void,
        answer: @escaping @Sendable (IncomingRequest) async -> OutgoingResponse
    ) throws {
        let responder = CallbackResponder<PeerContext> { request, context in
            guard let incoming = await Self.read(request, source: context.source, largestBody) else {
                return Response(status: .contentTooLarge)
            }
            return Self.response(await answer(incoming), toHead: request.method == .head)
        }
        application = Application(
            responder: responder,
            server: try .http2Upgrade(
                tlsConfiguration: tls,
                configuration: .init(
                    idleTimeout: .seconds(120), gracefulCloseTimeout: .seconds(3),
                    maxAgeTimeout: nil, streamConfiguration: .init(idleTimeout: .seconds(60)))),
            configuration: .init(
                address: .hostname(address.host, port: address.port), serverName: nil, reuseAddress: true),
            onServerRunning: { channel in
                await onListening(channel.localAddress?.port ?? address.port)
            },
            logger: logger)
    }

    /// Serves until the surrounding service group shuts down.
    package func run() async throws {
        try await application.run()
    }

    private static func read(
        _ request: Request, source: String, _ largestBody: (String, String) -> Int
    ) async -> IncomingRequest? {
        var request = request
        let target = request.head.path ?? "/"
        let parts = target.utf8.split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts.first.flatMap { String($0) } ?? "/"
        let limit = largestBody(request.method.rawValue, path)
        guard let buffer = try? await request.collectBody(upTo: limit) else { return nil }
        return IncomingRequest(
            method: request.method.rawValue,
            path: path,
            query: parts.count > 1 ? String(parts[1]) ?? "" : "",
            // HTTP/2 has `:authority` instead of `Host`, and the server makes it of HTTP/1's `Host` too.
            headers: [("host", request.head.authority ?? "")]
                + request.headers.map { ($0.name.canonicalName, $0.value) },
            body: Array(buffer.readableBytesView),
            source: source)
    }

    private static func response(_ outgoing: OutgoingResponse, toHead: Bool) -> Response {
        var fields = HTTPFields()
        for header in outgoing.headers {
            guard let name = HTTPField.Name(header.name) else { continue }
            fields.append(HTTPField(name: name, value: header.value))
        }
        let body = toHead ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: outgoing.body))
        return Response(status: .init(code: outgoing.status), headers: fields, body: body)
    }
}

/// What Salus wants to know of a connection: where it comes from.
private struct PeerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let source: String

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        self.source = source.channel.remoteAddress?.ipAddress ?? "unknown"
    }
}
