// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Web

/// Sends the requests of one place, and reads answers that have a bound.
final class HTTPExchange: Sendable {
    private let client: HTTPClient
    private let bandwidth: Bandwidth

    /// - Parameter authorities: a file of certificates that are trusted instead of the system's; nil for the system's.
    init(trusting authorities: String? = nil, _ bandwidth: Bandwidth = .unlimited, silence: Duration = .seconds(120)) {
        var tls = TLSPolicy.client(trusting: [])
        tls.trustRoots = authorities.map { .file($0) } ?? .default
        var settings = HTTPClient.Configuration(tlsConfiguration: tls, redirectConfiguration: .disallow)
        // One connection for each request under way: a window of HTTP/2 would be shared by all.
        settings.httpVersion = .http1Only
        settings.timeout = .init(
            connect: .seconds(20), read: .seconds(silence.components.seconds),
            write: .seconds(silence.components.seconds))
        // Who tries again is RetryingPlace: it says so, and knows what must not be tried again.
        settings.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: settings)
        self.bandwidth = bandwidth
    }

    deinit {
        client.shutdown { _ in }
    }

    struct Answer: Sendable {
        let status: Int
        let headers: HTTPHeaders
        let body: [UInt8]

        /// The length that the answer to HEAD names.
        var namedLength: Int? {
            headers.first(name: "Content-Length").flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
        }
    }

    /// - Parameter limit: the most bytes of an answer that are taken.
    /// - Throws: `PlaceError.unreachable`, `PlaceError.untrusted`, `PlaceError.garbled`.
    func send(
        _ method: HTTPMethod, _ address: String, _ headers: [(String, String)], _ body: [UInt8]? = nil, limit: Int
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: address)
        request.method = method
        request.headers = HTTPHeaders(headers)
        if let body {
            request.body = .stream(PacedBytes(bytes: body, pace: bandwidth.upload), length: .known(Int64(body.count)))
        }
        do {
            // What is silent for too long is ended by the limits of the client; slow lines have all day.
            let response = try await client.execute(request, timeout: .hours(24))
            let content = try await collect(response, limit: limit)
            return Answer(status: Int(response.status.code), headers: response.headers, body: content)
        } catch {
            throw Self.said(error)
        }
    }

    private func collect(_ response: HTTPClientResponse, limit: Int) async throws -> [UInt8] {
        var content: [UInt8] = []
        let announced = response.headers.first(name: "Content-Length").flatMap { Int($0) } ?? 0
        content.reserveCapacity(max(0, min(announced, limit, 64 << 20)))
        for try await piece in response.body {
            guard content.count + piece.readableBytes <= limit else {
                throw PlaceError.garbled("an answer is longer than the \(limit) bytes that it may have")
            }
            try await bandwidth.download?.pass(piece.readableBytes)
            content.append(contentsOf: piece.readableBytesView)
        }
        return content
    }

    private static func said(_ error: any Error) -> any Error {
        switch error {
        case is PlaceError, is CancellationError: return error
        case let error as HTTPClientError where error == .cancelled: return CancellationError()
        case let error as HTTPClientError: return PlaceError.unreachable(error.shortDescription.lowercased())
        case let error as IOError: return PlaceError.unreachable(SystemError(error.errnoCode, "connect").reason)
        case let error as NIOConnectionError: return PlaceError.unreachable(reason(error))
        case is NIOSSLExtraError:
            return PlaceError.untrusted("the certificate of the server is for another name")
        case NIOSSLError.handshakeFailed(let error):
            let isUnknown = "\(error)".contains("CERTIFICATE_VERIFY_FAILED")
            return PlaceError.untrusted(
                isUnknown
                    ? "the certificate of the server is not from an authority that is trusted; name one with --cacert"
                    : "the server does not speak TLS 1.2 or newer there")
        default: return PlaceError.unreachable("the connection broke off")
        }
    }

    private static func reason(_ error: NIOConnectionError) -> String {
        guard let first = error.connectionErrors.first?.error else { return "nobody knows the name \(error.host)" }
        return (first as? IOError).map { SystemError($0.errnoCode, "connect").reason } ?? "the connection failed"
    }
}

/// Bytes in pieces, each of which waits until it may pass.
private struct PacedBytes: AsyncSequence, Sendable {
    let bytes: [UInt8]
    let pace: Pace?

    func makeAsyncIterator() -> Iterator { Iterator(bytes: bytes, pace: pace) }

    struct Iterator: AsyncIteratorProtocol {
        let bytes: [UInt8]
        let pace: Pace?
        var done = 0

        mutating func next() async throws -> ByteBuffer? {
            guard done < bytes.count else { return nil }
            let end = Swift.min(bytes.count, done + (pace == nil ? 1 << 20 : Pace.piece))
            defer { done = end }
            try await pace?.pass(end - done)
            return ByteBuffer(bytes: bytes[done..<end])
        }
    }
}
