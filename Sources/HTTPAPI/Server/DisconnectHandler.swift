import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Tells those who answer a client's requests that it has disconnected. A client that closes its side only, as each does that
/// has ended, counts as gone: the two cannot be told apart until something is written.
final class DisconnectHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPRequestPart

    private let client: ClientConnection

    init(client: ClientConnection) { self.client = client }

    func channelInactive(context: ChannelHandlerContext) {
        client.disconnect()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { client.disconnect() }
        context.fireUserInboundEventTriggered(event)
    }

    /// Heads that HTTP's types cannot say are parser's errors for the server, which answers these alone.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case is HTTPParserError, is RequestTimeout, is IOError, is ChannelError: context.fireErrorCaught(error)
        default: context.fireErrorCaught(HTTPParserError.invalidHeaderToken)
        }
    }
}

@available(*, unavailable)
extension DisconnectHandler: Sendable {}
