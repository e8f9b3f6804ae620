import NIOCore

/// Hands on what a connection receives one read at a time, and tells of its end only after that.
///
/// NIO reads a connection to its end as soon as the other side closes it, whether anybody has asked for more or not, and
/// AsyncHTTPClient drops what nobody has asked for when a connection breaks: answers of megabytes would pile up for readers
/// who have stopped, and the last tokens before a break would be lost. So the other side's close is held back until what
/// came before it has been read. What can be held is bounded by the socket's receive buffer, which is made small.
final class ReceiveGate: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer

    /// In bytes; the kernel takes twice as much with its own records.
    private static let receiveBufferSize: SocketOptionValue = 64 * 1024
    /// In bytes, for one read.
    private static let largestRead = 16 * 1024

    private var held = CircularBuffer<ByteBuffer>()
    /// Whether the next handler has asked for more and nothing has been handed on since. The first read was asked for
    /// before this was there.
    private var isWanted = true
    /// Whether the next handler waits for the end of a burst of reads.
    private var isInBurst = false
    private var isInputClosed = false
    private var isReleasing = false

    /// Puts a gate in front of everything that reads the channel.
    static func install(in channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.submit {
            let options = channel.syncOptions
            try options?.setOption(.allowRemoteHalfClosure, value: true)
            try options?.setOption(.maxMessagesPerRead, value: 1)
            try options?.setOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 4096, maximum: largestRead))
            try options?.setOption(.socketOption(.so_rcvbuf), value: receiveBufferSize)
            try channel.pipeline.syncOperations.addHandler(ReceiveGate(), position: .first)
        }
    }

    func read(context: ChannelHandlerContext) {
        isWanted = true
        if held.isEmpty { context.read() } else { release(context) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isWanted || isInBurst, held.isEmpty {
            isWanted = false
            isInBurst = true
            context.fireChannelRead(data)
        } else {
            held.append(unwrapInboundIn(data))
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if isInBurst { endBurst(context) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed = event else { return context.fireUserInboundEventTriggered(event) }
        isInputClosed = true
        closeIfRead(context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if isInBurst { endBurst(context) }
        context.fireErrorCaught(error)
    }

    /// Whoever closes this side wants nothing more.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if mode != .output { held.removeAll() }
        context.close(mode: mode, promise: promise)
    }

    /// The connection was reset, or is closed: the handlers are about to be removed, so nothing can be kept.
    func channelInactive(context: ChannelHandlerContext) {
        if isInBurst { endBurst(context) }
        while let bytes = held.popFirst() {
            context.fireChannelRead(wrapInboundOut(bytes))
            context.fireChannelReadComplete()
        }
        context.fireChannelInactive()
    }

    private func endBurst(_ context: ChannelHandlerContext) {
        isInBurst = false
        context.fireChannelReadComplete()
    }

    /// What comes of handing on may ask for more at once, and calls this again.
    private func release(_ context: ChannelHandlerContext) {
        guard !isReleasing else { return }
        isReleasing = true
        while isWanted, let bytes = held.popFirst() {
            isWanted = false
            context.fireChannelRead(wrapInboundOut(bytes))
            context.fireChannelReadComplete()
            // As the channel does after each burst: who reads only where both a read and a demand have come waits for it.
            context.pipeline.syncOperations.read()
        }
        isReleasing = false
        closeIfRead(context)
    }

    private func closeIfRead(_ context: ChannelHandlerContext) {
        if isInputClosed, held.isEmpty { context.close(promise: nil) }
    }
}
