package import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOHTTP2
import NIOHTTPTypes
import NIOHTTPTypesHTTP2
package import NIOSSL

extension HTTPServerBuilder {
    /// HTTP/2 and HTTP/1.1 over TLS, whichever the client asks for (ALPN, RFC 7301).
    package static func https(
        tls: TLSConfiguration, limits: ConnectionLimits = ConnectionLimits()
    ) throws -> HTTPServerBuilder {
        var tls = tls
        tls.applicationProtocols = NIOHTTP2SupportedALPNProtocols
        let bodyBudget = ByteBudget(limits.collectedBodies)
        return try .tls(
            HTTPServerBuilder { responder in
                SecureConnectionSetup(
                    http1: HTTPConnectionSetup(
                        responder: responder, limits: limits, bodyBudget: bodyBudget, isSecure: true))
            }, tlsConfiguration: tls)
    }
}

/// One client's connection, once it is settled which protocol it speaks.
struct SecureConnection: ServerChildChannelValue {
    typealias Streams = NIOHTTP2Handler.AsyncStreamMultiplexer<HTTPConnection>

    let negotiated: EventLoopFuture<NIONegotiatedHTTPVersion<HTTPConnection, Streams>>
    let channel: any Channel
}

struct SecureConnectionSetup: HTTPChannelHandler {
    let http1: HTTPConnectionSetup

    var responder: HTTPChannelHandler.Responder { http1.responder }

    /// After so long without a byte, a connection with HTTP/2 is closed. Streams of answers send a comment far more often.
    private static let idle = TimeAmount.minutes(10)

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<SecureConnection> {
        channel.configureHTTP2AsyncSecureUpgrade { channel in
            http1.setup(channel: channel, logger: logger)
        } http2ConnectionInitializer: { channel in
            channel.eventLoop.makeCompletedFuture {
                let streams = try channel.pipeline.syncOperations.configureAsyncHTTP2Pipeline(
                    mode: .server, configuration: .init()
                ) { stream in setup(stream: stream, of: channel, logger) }
                try channel.pipeline.syncOperations.addHandlers([
                    IdleStateHandler(allTimeout: Self.idle), IdleConnectionCloser(),
                ])
                return streams
            }
        }.map { SecureConnection(negotiated: $0, channel: channel) }
    }

    /// Each stream carries one request and its answer, as a connection with HTTP/1.1 does at a time.
    private func setup(
        stream: any Channel, of connection: any Channel, _ logger: Logger
    ) -> EventLoopFuture<HTTPConnection> {
        stream.eventLoop.makeCompletedFuture {
            let client = ClientConnection(
                bodyBudget: http1.bodyBudget, address: connection.remoteAddress?.ipAddress)
            let pipeline = stream.pipeline.syncOperations
            try pipeline.addHandler(HTTP2FramePayloadToHTTPServerCodec())
            try pipeline.addHandler(DisconnectHandler(client: client))
            return HTTPConnection(
                parts: try NIOAsyncChannel(wrappingChannelSynchronously: stream), client: client)
        }
    }

    func handle(value connection: SecureConnection, logger: Logger) async {
        do {
            switch try await connection.negotiated.get() {
            case .http1_1(let connection): await http1.handle(value: connection, logger: logger)
            case .http2(let streams):
                OpenConnections.opened()
                defer { OpenConnections.closed() }
                try await withThrowingDiscardingTaskGroup { group in
                    for try await stream in streams.inbound {
                        group.addTask {
                            await ClientConnection.$current.withValue(stream.client) {
                                await handleHTTP(asyncChannel: stream.parts, logger: logger)
                            }
                        }
                    }
                }
            }
        } catch {
            logger.debug("A secure connection has ended", metadata: ["error": "\(error)"])
        }
    }
}

/// Closes a connection that has been silent for too long.
private final class IdleConnectionCloser: ChannelInboundHandler {
    typealias InboundIn = Any

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }
}

@available(*, unavailable)
extension IdleConnectionCloser: Sendable {}
