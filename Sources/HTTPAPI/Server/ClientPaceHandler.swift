import NIOCore
import NIOHTTP1

/// A body that arrives too slowly.
struct RequestTimeout: Error {}

/// Ends what clients hold up: bodies that arrive a byte at a time, and answers that nobody reads (slow loris).
final class ClientPaceHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let limits: ConnectionLimits
    private var inspection: Scheduled<Void>?

    /// Time counts only while the server waits for the client, not while it is busy with what it has.
    private var isReadingBody = false
    private var waitingSince: NIODeadline?
    private var waited = TimeAmount.zero
    private var received = 0

    private var written = 0
    private var taken = 0
    private var lastTaken = NIODeadline.now()

    init(limits: ConnectionLimits) { self.limits = limits }

    func handlerAdded(context: ChannelHandlerContext) { scheduleInspection(context) }

    func handlerRemoved(context: ChannelHandlerContext) { inspection?.cancel() }

    func read(context: ChannelHandlerContext) {
        if isReadingBody, waitingSince == nil { waitingSince = .now() }
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            isReadingBody = true
            (waitingSince, waited, received) = (nil, .zero, 0)
        case .body(let body):
            stopWaiting()
            received += body.readableBytes
        case .end:
            isReadingBody = false
        }
        context.fireChannelRead(data)
    }

    private func stopWaiting() {
        guard let since = waitingSince else { return }
        waited = waited + (.now() - since)
        waitingSince = nil
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .body(.byteBuffer(let body)) = unwrapOutboundIn(data) { written += body.readableBytes }
        context.write(data, promise: promise)
    }

    // MARK: Looking after

    private func scheduleInspection(_ context: ChannelHandlerContext) {
        inspection = context.eventLoop.assumeIsolated().scheduleTask(in: limits.inspection) {
            self.scheduleInspection(context)
            self.inspect(context)
        }
    }

    private func inspect(_ context: ChannelHandlerContext) {
        if isReadingBody, waitingSince != nil {
            stopWaiting()
            waitingSince = .now()
            if waited > limits.bodyGrace + .seconds(Int64(received / limits.bodyBytesPerSecond)) {
                isReadingBody = false
                context.fireErrorCaught(RequestTimeout())
            }
        }
        if isStalled(context) { context.close(promise: nil) }
    }

    /// Whether bytes of an answer wait, and the client has taken none for too long.
    private func isStalled(_ context: ChannelHandlerContext) -> Bool {
        let waiting = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        guard waiting > 0, written - waiting <= taken else {
            taken = written - waiting
            lastTaken = .now()
            return false
        }
        return .now() - lastTaken > limits.stalledReader
    }
}

@available(*, unavailable)
extension ClientPaceHandler: Sendable {}
