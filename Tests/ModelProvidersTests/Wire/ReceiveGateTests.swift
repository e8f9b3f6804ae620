import NIOCore
import NIOEmbedded
import Testing

@testable import ModelProviders

@Suite struct ReceiveGateTests {
    /// Notes what comes through the gate. As AsyncHTTPClient does, it reads where somebody wants more and the channel has said
    /// that it would read, in whichever order.
    private final class Reader: ChannelDuplexHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundIn = ByteBuffer
        private(set) var events: [String] = []
        /// How often it asks for more as soon as it has something.
        var appetite = 0
        private var context: ChannelHandlerContext?
        private var isDemanded = false
        private var isOffered = false

        func handlerAdded(context: ChannelHandlerContext) { self.context = context }

        func demand() {
            isDemanded = true
            readWhereBoth()
        }

        func read(context: ChannelHandlerContext) {
            isOffered = true
            readWhereBoth()
        }

        private func readWhereBoth() {
            guard isDemanded, isOffered else { return }
            (isDemanded, isOffered) = (false, false)
            context?.read()
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            events.append(String(buffer: unwrapInboundIn(data)))
        }

        func channelReadComplete(context: ChannelHandlerContext) {
            events.append("-")
            guard appetite > 0 else { return }
            appetite -= 1
            demand()
        }

        func channelInactive(context: ChannelHandlerContext) { events.append("end") }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { events.append("error") }
    }

    /// An embedded channel has to stay on the thread that made it, so each test makes its own.
    private func withGate(_ body: (EmbeddedChannel, Reader) throws -> Void) throws {
        let reader = Reader()
        let channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandler(ReceiveGate())
        try channel.pipeline.syncOperations.addHandler(reader)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try body(channel, reader)
    }

    @Test func `the end waits until what came before it has been read`() throws {
        try withGate { channel, reader in
            for text in ["a", "b", "c"] { try channel.receive(text) }
            channel.closeFromOutside()
            #expect(reader.events == ["a", "-"])
            reader.demand()
            #expect(reader.events == ["a", "-", "b", "-"])
            reader.demand()
            channel.embeddedEventLoop.run()
            #expect(reader.events == ["a", "-", "b", "-", "c", "-", "end"])
        }
    }

    @Test func `a reader that asks at once gets one after the other`() throws {
        try withGate { channel, reader in
            for index in 0..<1000 { try channel.receive("\(index)") }
            channel.closeFromOutside()
            reader.appetite = 1000
            reader.demand()
            channel.embeddedEventLoop.run()
            #expect(reader.events == (0..<1000).flatMap { ["\($0)", "-"] } + ["end"])
        }
    }

    @Test func `whoever asks while a burst comes in is given the next one, too`() throws {
        try withGate { channel, reader in
            channel.pipeline.fireChannelRead(ByteBuffer(string: "a"))
            reader.demand()
            channel.read()
            channel.pipeline.fireChannelReadComplete()
            try channel.receive("b")
            #expect(reader.events == ["a", "-", "b", "-"])
        }
    }

    @Test func `a connection that is idle ends at once`() throws {
        try withGate { channel, reader in
            channel.closeFromOutside()
            #expect(reader.events == ["end"])
        }
    }

    @Test func `an error comes after the burst that it interrupts`() throws {
        try withGate { channel, reader in
            channel.pipeline.fireChannelRead(ByteBuffer(string: "a"))
            channel.pipeline.fireErrorCaught(ChannelError.inputClosed)
            #expect(reader.events == ["a", "-", "error"])
        }
    }

    @Test func `whoever closes gets nothing more`() throws {
        try withGate { channel, reader in
            for text in ["a", "b"] { try channel.receive(text) }
            channel.close(promise: nil)
            channel.embeddedEventLoop.run()
            #expect(reader.events == ["a", "-", "end"])
        }
    }
}

extension EmbeddedChannel {
    /// A burst of one read, after which a channel offers to read on.
    fileprivate func receive(_ text: String) throws {
        try writeInbound(ByteBuffer(string: text))
        read()
    }

    fileprivate func closeFromOutside() {
        pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        embeddedEventLoop.run()
    }
}
