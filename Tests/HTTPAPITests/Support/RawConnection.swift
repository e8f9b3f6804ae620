import NIOCore
import NIOPosix

/// A TCP connection to a server on this machine, to say what no HTTP client would.
struct RawConnection: Sendable {
    private let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

    init(port: Int) async throws {
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel(wrappingChannelSynchronously: channel)
                }
            }
    }

    /// Sends `texts`, and reads what the server says until it closes the connection.
    static func exchange(_ texts: [String], port: Int) async throws -> String {
        try await RawConnection(port: port).run { inbound, outbound in
            for text in texts { try await outbound.write(ByteBuffer(string: text)) }
            var answer = ""
            for try await bytes in inbound { answer += String(buffer: bytes) }
            return answer
        }
    }

    func run<Value: Sendable>(
        _ body: (
            _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
        ) async throws -> Value
    ) async throws -> Value {
        try await channel.executeThenClose(body)
    }
}
