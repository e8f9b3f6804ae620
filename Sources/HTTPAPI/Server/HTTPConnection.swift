import HTTPTypes
package import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

extension HTTPServerBuilder {
    /// HTTP/1.1 whose connections outlive their answers, and which neither slow nor broken clients hold up.
    package static func http(limits: ConnectionLimits = ConnectionLimits()) -> HTTPServerBuilder {
        let bodyBudget = ByteBudget(limits.collectedBodies)
        return HTTPServerBuilder { HTTPConnectionSetup(responder: $0, limits: limits, bodyBudget: bodyBudget) }
    }
}

/// One client's connection: the parts of its requests and answers, and who is behind it.
struct HTTPConnection: ServerChildChannelValue {
    let parts: NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>
    let client: ClientConnection

    var channel: any Channel { parts.channel }
}

/// Sets connections up, and answers what comes over them.
struct HTTPConnectionSetup: HTTPChannelHandler {
    let responder: HTTPChannelHandler.Responder
    let limits: ConnectionLimits
    let bodyBudget: ByteBudget
    /// Whether TLS lies beneath.
    var isSecure = false

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTPConnection> {
        channel.eventLoop.makeCompletedFuture {
            // The kernel would take megabytes of an answer that nobody reads, and its maker would run ahead by as much.
            try channel.syncOptions?.setOption(.socketOption(.so_sndbuf), value: SocketOptionValue(limits.sendBuffer))
            let client = ClientConnection(bodyBudget: bodyBudget, address: channel.remoteAddress?.ipAddress)
            var decoding = NIOHTTPDecoderLimitConfiguration()
            decoding.maxHeaderFieldSize = Self.maximumHeadBytes
            decoding.maxHeaderListSize = Self.maximumHeadBytes
            decoding.maxHeaderFieldCount = 1000
            let pipeline = channel.pipeline.syncOperations
            // Requests are answered one after another and errors below; HTTP types validate what goes out.
            try pipeline.configureHTTPServerPipeline(
                withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false,
                withEncoderConfiguration: .init(), withDecoderLimitConfiguration: decoding)
            try pipeline.addHandler(ExchangeHandler(limits: limits, client: client, logger: logger))
            try pipeline.addHandler(ClientPaceHandler(limits: limits))
            try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: isSecure))
            try pipeline.addHandler(DisconnectHandler(client: client))
            try pipeline.addHandler(
                HTTPConnectionStateHandler(idleTimeout: Duration(limits.idle), logger: logger))
            return HTTPConnection(
                parts: try NIOAsyncChannel(
                    wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true)),
                client: client)
        }
    }

    func handle(value connection: HTTPConnection, logger: Logger) async {
        OpenConnections.opened()
        defer { OpenConnections.closed() }
        await connection.client.bound { await handleHTTP(asyncChannel: connection.parts, logger: logger) }
    }

    private static let maximumHeadBytes = 80 << 10
}
