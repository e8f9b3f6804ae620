import ModelContextProtocol
import NIOCore
import NIOPosix
import OrderedJSON

/// Speaks to a program over its standard input and output: each message is a line.
struct ProcessTransport: MCPTransport {
    let hearsServer = true
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

    /// What a program may take to end by itself.
    private static let grace = Duration.seconds(1)

    /// Starts the program and runs `body` beside it, which is ended with what that throws or gives.
    ///
    /// - Parameters:
    ///   - take: is handed what the program sends.
    ///   - complain: is given lines that it writes to its standard error.
    /// - Throws: `MCPFailure` where it cannot be started, or ends before `body` does.
    static func run(
        _ command: [String], environment: [String: String], take: @escaping MCPReceiver,
        complain: @escaping @Sendable (String) -> Void,
        _ body: @escaping @Sendable (ProcessTransport) async throws -> Void
    ) async throws {
        let process = try MCPProcess(command, environment: environment)
        let result: Result<Void, any Error>
        do { result = .success(try await speak(to: process, take, complain, body)) } catch { result = .failure(error) }
        await process.end(grace: grace)
        try result.get()
    }

    private static func speak(
        to process: MCPProcess, _ take: @escaping MCPReceiver, _ complain: @escaping @Sendable (String) -> Void,
        _ body: @escaping @Sendable (ProcessTransport) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let errors = try await NIOPipeBootstrap(group: group).takingOwnershipOfDescriptor(
            input: process.errors, channelInitializer: Self.wrapped)
        let channel = try await NIOPipeBootstrap(group: group).takingOwnershipOfDescriptors(
            input: process.output, output: process.input, channelInitializer: Self.wrapped)
        try await errors.executeThenClose { complaints, _ in
            try await channel.executeThenClose { inbound, outbound in
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    group.addTask {
                        await Self.read(complaints, complain)
                        return false
                    }
                    group.addTask { throw try await Self.read(inbound, take) }
                    group.addTask {
                        try await body(ProcessTransport(outbound: outbound))
                        return true
                    }
                    defer { group.cancelAll() }
                    while let isDone = try await group.next() { if isDone { return } }
                }
            }
        }
    }

    @Sendable private static func wrapped(
        _ channel: any Channel
    ) -> EventLoopFuture<NIOAsyncChannel<ByteBuffer, ByteBuffer>> {
        channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel(wrappingChannelSynchronously: channel) }
    }

    /// - Returns: why nothing comes any more.
    private static func read(
        _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>, _ take: MCPReceiver
    ) async throws -> MCPFailure {
        var buffer = LineBuffer(maximumLength: MCPLimits.maximumMessage)
        do {
            for try await bytes in inbound {
                for line in try buffer.append(bytes.readableBytesView) {
                    // Some programs write words for people where only messages should be.
                    guard let json = try? JSON(parsing: line) else { continue }
                    for message in RPCMessage.all(in: json) { await take(message) }
                }
            }
        } catch is LineBuffer.TooLong {
            return MCPFailure("sent a message of more than \(MCPLimits.maximumMessage >> 20) MiB", endsSession: true)
        } catch is IOError {}
        try Task.checkCancellation()
        return MCPFailure("ended", endsSession: true)
    }

    /// Longer lines are cut.
    private static let longestComplaint = 4096

    private static func read(
        _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>, _ complain: (String) -> Void
    ) async {
        var buffer = LineBuffer(maximumLength: longestComplaint)
        do {
            for try await bytes in inbound {
                do {
                    for line in try buffer.append(bytes.readableBytesView) {
                        complain(String(decoding: line, as: UTF8.self))
                    }
                } catch {
                    buffer = LineBuffer(maximumLength: longestComplaint)
                }
            }
        } catch {
            // It says no more.
        }
    }

    func send(_ message: RPCMessage) async throws {
        var bytes: [UInt8] = []
        message.json.write(to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        do {
            try await outbound.write(ByteBuffer(bytes: bytes))
        } catch {
            try Task.checkCancellation()
            throw MCPFailure("ended", endsSession: true)
        }
    }

    func agreed(on revision: String) {}
}

extension RPCMessage {
    /// Those of a message or of a list of them; what is none is passed over.
    static func all(in json: JSON) -> [RPCMessage] {
        (json.arrayValue ?? [json]).compactMap { try? RPCMessage($0) }
    }
}
