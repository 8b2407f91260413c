// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdHTTP2
import Kernel
package import Logging
import NIOCore
package import NIOSSL
import ServiceLifecycle

/// The listener of the console: HTTP/2 and HTTP/1.1 over TLS, nothing in plain text.
package struct WebServer: Service {
    /// The largest body that is read where a route says nothing else; forms are small.
    package static let bodyLimit = 64 * 1_024

    /// Gives the whole body; nil when it has more bytes than that, of which it then holds no more than it has read.
    package typealias Body = (_ limit: Int) async throws -> [UInt8]?
    /// Answers a request of which the body is read when it is wanted.
    package typealias Answering = @Sendable (IncomingRequest, Body) async -> OutgoingResponse

    private let application: Application<CallbackResponder<PeerContext>>

    /// A listener at `address` that gives each request to `answer`.
    ///
    /// `onListening` is told the port once connections are accepted.
    ///
    /// - Throws: what swift-nio-ssl says of an unusable certificate or key.
    package init(
        at address: ListenAddress, tls: TLSConfiguration, logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void,
        answer: @escaping Answering
    ) throws {
        let responder = CallbackResponder<PeerContext> { request, context in
            var body = BodyReader(request.body)
            let outgoing = await answer(Self.head(of: request, source: context.source)) { limit in
                try await body.read(upTo: limit)
            }
            return Self.response(outgoing, toHead: request.method == .head)
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

    /// The request without its body.
    private static func head(of request: Request, source: String) -> IncomingRequest {
        let target = request.head.path ?? "/"
        let parts = target.utf8.split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts.first.flatMap { String($0) } ?? "/"
        return IncomingRequest(
            method: request.method.rawValue,
            path: path,
            query: parts.count > 1 ? String(parts[1]) ?? "" : "",
            // HTTP/2 has `:authority` instead of `Host`, and the server makes it of HTTP/1's `Host` too.
            headers: [("host", request.head.authority ?? "")]
                + request.headers.map { ($0.name.canonicalName, $0.value) },
            body: [],
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

/// Reads a body as far as it is wanted.
private struct BodyReader {
    private var iterator: RequestBody.AsyncIterator
    private var bytes: [UInt8] = []
    private var isWhole = false

    init(_ body: RequestBody) {
        iterator = body.makeAsyncIterator()
    }

    mutating func read(upTo limit: Int) async throws -> [UInt8]? {
        do {
            while !isWhole, bytes.count <= limit {
                guard let buffer = try await iterator.next() else {
                    isWhole = true
                    break
                }
                bytes += buffer.readableBytesView
            }
        } catch {
            throw Fault(.invalidInput, "The request broke off. Send it again.", cause: error)
        }
        return bytes.count <= limit ? bytes : nil
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
