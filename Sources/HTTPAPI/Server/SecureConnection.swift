package import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOHTTP2
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
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

    /// How long a client may take for TLS' handshake.
    private static let handshake = TimeAmount.seconds(10)

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<SecureConnection> {
        channel.configureHTTP2AsyncSecureUpgrade { channel in
            http1.setup(channel: channel, logger: logger)
        } http2ConnectionInitializer: { channel in
            channel.eventLoop.makeCompletedFuture {
                let idleness = StreamIdleness(channel: channel, limit: http1.limits.idle)
                return try channel.pipeline.syncOperations.configureAsyncHTTP2Pipeline(
                    mode: .server, configuration: .init()
                ) { stream in
                    idleness.began(stream)
                    return setup(stream: stream, of: channel, logger)
                }
            }
        }.map { negotiated in
            // One that never says what it wants is ended, at the latest.
            let deadline = channel.eventLoop.scheduleTask(in: Self.handshake) { channel.close(promise: nil) }
            negotiated.whenComplete { _ in deadline.cancel() }
            return SecureConnection(negotiated: negotiated, channel: channel)
        }
    }

    /// Each stream carries one request and its answer, as a connection with HTTP/1.1 does at a time.
    private func setup(
        stream: any Channel, of connection: any Channel, _ logger: Logger
    ) -> EventLoopFuture<HTTPConnection> {
        stream.eventLoop.makeCompletedFuture {
            let client = ClientConnection(
                bodyBudget: http1.bodyBudget, address: connection.remoteAddress?.ipAddress)
            let pipeline = stream.pipeline.syncOperations
            try pipeline.addHandler(HTTP2FramePayloadToHTTP1ServerCodec())
            try pipeline.addHandler(ClientPaceHandler(limits: http1.limits))
            try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: true))
            try pipeline.addHandler(DisconnectHandler(client: client))
            return HTTPConnection(
                parts: try NIOAsyncChannel(wrappingChannelSynchronously: stream), client: client)
        }
    }

    func handle(value connection: SecureConnection, logger: Logger) async {
        do {
            let negotiated = try await withTaskCancellationHandler {
                try await connection.negotiated.get()
            } onCancel: {
                connection.channel.close(promise: nil)
            }
            switch negotiated {
            case .http1_1(let connection): await http1.handle(value: connection, logger: logger)
            case .http2(let streams):
                OpenConnections.opened()
                defer { OpenConnections.closed() }
                try await withThrowingDiscardingTaskGroup { group in
                    for try await stream in streams.inbound {
                        group.addTask {
                            await stream.client.bound {
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

/// Closes a connection with HTTP/2 on which no request has been under way for too long, whatever frames it sends besides.
private final class StreamIdleness: Sendable {
    private let channel: any Channel
    private let limit: TimeAmount
    private let state: NIOLoopBound<State>

    private final class State {
        var streams = 0
        var deadline: Scheduled<Void>?
    }

    /// To be made on the channel's event loop.
    init(channel: any Channel, limit: TimeAmount) {
        self.channel = channel
        self.limit = limit
        state = NIOLoopBound(State(), eventLoop: channel.eventLoop)
        schedule()
    }

    /// Streams live on the loop of their connection.
    func began(_ stream: any Channel) {
        state.value.streams += 1
        state.value.deadline?.cancel()
        stream.closeFuture.whenComplete { _ in
            self.state.value.streams -= 1
            if self.state.value.streams == 0 { self.schedule() }
        }
    }

    private func schedule() {
        state.value.deadline?.cancel()
        state.value.deadline = channel.eventLoop.scheduleTask(in: limit) { [channel] in channel.close(promise: nil) }
    }
}
