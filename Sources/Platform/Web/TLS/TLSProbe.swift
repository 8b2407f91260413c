// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS

/// Tries a listener the way a client would, to find out what it really accepts.
package enum TLSProbe {
    /// What a listener did.
    package struct Finding: Sendable, Hashable {
        /// Whether it completes a handshake of TLS 1.2 or 1.3 with the suites of our policy.
        package let acceptsPolicy: Bool
        /// Whether it completes a handshake of TLS 1.0 or 1.1.
        package let acceptsOutdated: Bool

        /// Whether it is as the policy asks.
        package var isAsItShouldBe: Bool { acceptsPolicy && !acceptsOutdated }
    }

    /// Probes the listener at `host` and `port`; something that does not speak TLS accepts nothing.
    package static func probe(host: String, port: Int) async -> Finding {
        let current = await completes(host: host, port: port, from: .tlsv12, to: nil)
        let outdated = await completes(host: host, port: port, from: .tlsv1, to: .tlsv11)
        return Finding(acceptsPolicy: current, acceptsOutdated: outdated)
    }

    private static func completes(host: String, port: Int, from least: TLSVersion, to most: TLSVersion?) async -> Bool {
        var configuration = TLSConfiguration.makeClientConfiguration()
        // What is asked is which versions it speaks; whom it belongs to is not in question here.
        configuration.certificateVerification = .none
        configuration.minimumTLSVersion = least
        configuration.maximumTLSVersion = most
        if most == nil { configuration.cipherSuites = TLSPolicy.cipherSuites }
        guard let context = try? NIOSSLContext(configuration: configuration) else { return false }
        let group = MultiThreadedEventLoopGroup.singleton
        let result = group.next().makePromise(of: Void.self)
        let bootstrap = ClientBootstrap(group: group).connectTimeout(.seconds(3)).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(
                    NIOSSLClientHandler(context: context, serverHostname: nil))
                try channel.pipeline.syncOperations.addHandler(HandshakeObserver(result))
            }
        }
        do {
            let channel = try await bootstrap.connect(host: host, port: port).get()
            channel.eventLoop.scheduleTask(in: .seconds(3)) { result.fail(ChannelError.connectTimeout(.seconds(3))) }
            let completed = (try? await result.futureResult.get()) != nil
            try? await channel.close()
            return completed
        } catch {
            result.fail(error)
            return false
        }
    }
}

/// Tells a promise how the handshake ended.
private final class HandshakeObserver: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let result: EventLoopPromise<Void>

    init(_ result: EventLoopPromise<Void>) {
        self.result = result
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted = event as? TLSUserEvent { result.succeed(()) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        result.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        result.fail(ChannelError.eof)
        context.fireChannelInactive()
    }
}
