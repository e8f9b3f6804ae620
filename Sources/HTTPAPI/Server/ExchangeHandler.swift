import Domain
import HTTPTypes
import Logging
import NIOCore
import NIOHTTP1
import OrderedJSON

/// Keeps requests and answers in step: invites bodies (RFC 9110, section 10.1.1), refuses what cannot be read, and ends the
/// connection where no further request can be read from it.
final class ExchangeHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// A request that has not been answered to its end.
    private struct Exchange {
        let version: HTTPVersion
        let keepsAlive: Bool
        var awaitsInvitation: Bool
        /// Bytes of the body that have not arrived; `nil` where the client has not said how many there are.
        var missing: Int?
        var isComplete = false
        /// Whether nothing may follow the head of the answer.
        let isHead: Bool

        init(_ head: HTTPRequestHead) {
            version = head.version
            isHead = head.method == .HEAD
            keepsAlive = head.isKeepAlive && head.version != .http1_0
            awaitsInvitation = head.headers.first(name: "expect")?.lowercased() == "100-continue"
            let isChunked = head.headers.contains(name: "transfer-encoding")
            missing = isChunked ? nil : head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
        }
    }

    private enum Input {
        case requests
        /// Nothing can be read any more: the status says so to the client, in its turn.
        case faulty(HTTPResponseStatus)
        /// After the last answer, this many bytes have been thrown away.
        case discarded(Int)
    }

    private let limits: ConnectionLimits
    private let client: ClientConnection
    private let logger: Logger
    /// The oldest first. Only the last one may be incomplete.
    private var exchanges = CircularBuffer<Exchange>()
    private var input = Input.requests
    /// Whether the answer that is being written is the last one.
    private var isLastAnswer = false
    /// Bytes of the body that came after its request was answered.
    private var surplus = 0
    private var lingering: Scheduled<Void>?

    init(limits: ConnectionLimits, client: ClientConnection, logger: Logger) {
        self.limits = limits
        self.client = client
        self.logger = logger
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let eventLoop = context.eventLoop
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: eventLoop)
        client.onInvitation {
            eventLoop.execute { bound.value.handler.inviteBody(bound.value.context) }
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        client.onInvitation(nil)
        lingering?.cancel()
    }

    // MARK: What arrives

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        switch input {
        case .requests: read(part, context: context)
        case .faulty: break
        case .discarded(let bytes):
            guard case .body(let body) = part else { return }
            input = .discarded(bytes + body.readableBytes)
            if bytes > Self.maximumDiscarded { context.close(promise: nil) }
        }
    }

    private func read(_ part: HTTPServerRequestPart, context: ChannelHandlerContext) {
        switch part {
        case .head(let head):
            if let status = RequestFraming.fault(in: head) {
                input = .faulty(status)
                // Whoever reads the requests in their order answers this where its turn comes.
                return context.fireErrorCaught(HTTPParserError.invalidHeaderToken)
            }
            exchanges.append(Exchange(head))
            context.fireChannelRead(wrapInboundOut(part))
        case .body(let body):
            if exchanges.isEmpty {
                surplus += body.readableBytes
                guard surplus <= limits.discardedBody else { return linger(context) }
            } else {
                let last = exchanges.index(before: exchanges.endIndex)
                exchanges[last].awaitsInvitation = false
                exchanges[last].missing? -= body.readableBytes
            }
            context.fireChannelRead(wrapInboundOut(part))
        case .end:
            if !exchanges.isEmpty { exchanges[exchanges.index(before: exchanges.endIndex)].isComplete = true }
            context.fireChannelRead(wrapInboundOut(part))
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Nobody else asks for what is only thrown away.
        if case .discarded = input { context.read() }
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard case .requests = input else { return }
        if error is HTTPParserError { input = .faulty(.badRequest) }
        context.fireErrorCaught(error)
    }

    // MARK: What is answered

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head):
            isLastAnswer = isLast(answer: head)
            if case .faulty(let status) = input, exchanges.isEmpty {
                refuse(status, context)
                promise?.succeed()
                return
            }
            if isLastAnswer { head.headers.replaceOrAdd(name: "connection", value: "close") }
            // An answer in chunks is nothing that a client of HTTP/1.0 can read.
            if exchanges.first?.version == .http1_0 { head.version = .http1_0 }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            // The encoder would write the last chunk of a body that is not there.
            let data = exchanges.first?.isHead == true ? wrapOutboundOut(.body(.byteBuffer(ByteBuffer()))) : data
            if !exchanges.isEmpty { finishExchange() }
            if isLastAnswer {
                context.writeAndFlush(data, promise: promise)
                linger(context)
            } else {
                context.write(data, promise: promise)
            }
        }
    }

    /// Answers what could not be read as a request. Whoever reads requests ends the answer, without a body.
    private func refuse(_ status: HTTPResponseStatus, _ context: ChannelHandlerContext) {
        let id = UUIDText.random()
        logger.info("Unreadable request", metadata: ["hb.request.id": "\(id)", "status": "\(status.code)"])
        let error = APIError(.badRequest, message: "The request cannot be read: \(status.reasonPhrase).")
        let body = JSON.object(error.body).text
        let head = HTTPResponseHead(
            version: .http1_1, status: status,
            headers: [
                "connection": "close", "content-type": "application/json; charset=utf-8",
                "content-length": "\(body.utf8.count)", "x-request-id": id,
            ])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
    }

    private func isLast(answer head: HTTPResponseHead) -> Bool {
        guard let exchange = exchanges.first, exchange.keepsAlive,
            !head.headers[canonicalForm: "connection"].contains(where: { $0.lowercased() == "close" })
        else { return true }
        guard !exchange.isComplete else { return false }
        // Nobody can tell whether the body that was not asked for still comes.
        if exchange.awaitsInvitation { return true }
        if case .faulty = input { return true }
        return exchange.missing.map { $0 > limits.discardedBody } ?? true
    }

    private func finishExchange() {
        exchanges.removeFirst()
        surplus = 0
    }

    private func inviteBody(_ context: ChannelHandlerContext) {
        guard let exchange = exchanges.first, exchange.awaitsInvitation, !exchange.isComplete else { return }
        exchanges[exchanges.startIndex].awaitsInvitation = false
        let head = HTTPResponseHead(version: .http1_1, status: .continue)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }

    // MARK: The end

    /// Ends the connection so that the client can still read the last answer: a socket that is closed with unread bytes
    /// resets the connection, and what is under way is lost.
    private func linger(_ context: ChannelHandlerContext) {
        guard lingering == nil else { return }
        input = .discarded(0)
        context.close(mode: .output, promise: nil)
        lingering = context.eventLoop.assumeIsolated().scheduleTask(in: limits.lingering) {
            context.close(promise: nil)
        }
        context.read()
    }

    private static let maximumDiscarded = 1 << 20
}

@available(*, unavailable)
extension ExchangeHandler: Sendable {}
