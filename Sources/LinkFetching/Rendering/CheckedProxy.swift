import Domain
import NIOCore
import NIOPosix
import Synchronization

/// An HTTP proxy on loopback through which a browser reaches what its page has asked for and links may lead to, and nothing
/// else: each connection is resolved, checked and made here.
struct CheckedProxy: Sendable {
    typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    let access: LinkAccess
    let resolver: HostResolver
    let limits: LinkLimits
    let asked: AskedHosts
    private let traffic = Traffic()

    /// Connections of one page: at once, and altogether.
    private static let connectionsAtOnce = 256
    private static let connections = 3000

    init(access: LinkAccess, resolver: HostResolver, limits: LinkLimits, asked: AskedHosts) {
        self.asked = asked
        self.access = access
        self.resolver = resolver
        self.limits = limits
    }

    /// Takes connections while `body` runs, which is given the port.
    func run<Result: Sendable>(_ body: @escaping @Sendable (Int) async throws -> Result) async throws -> Result {
        let accepted = AcceptedChannels()
        defer { accepted.closeAll() }
        // A wrapped channel that nobody takes up before the server stops would end the process: it is wrapped, and read from,
        // only by whoever serves it.
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.autoRead, value: false)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try accepted.add(channel)
                    return channel
                }
            }
        let port = server.channel.localAddress?.port ?? 0
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                try await accept(on: server, accepted)
                return nil
            }
            group.addTask { try await body(port) }
            defer { group.cancelAll() }
            while let finished = try await group.next() { if let finished { return finished } }
            throw CancellationError()
        }
    }

    private func accept(on server: NIOAsyncChannel<any Channel, Never>, _ accepted: AcceptedChannels) async throws {
        try await server.executeThenClose { channels in
            try await withThrowingDiscardingTaskGroup { group in
                for try await channel in channels {
                    let isTaken = traffic.begin(atOnce: Self.connectionsAtOnce, altogether: Self.connections)
                    group.addTask {
                        // A connection that breaks is the browser's to deal with.
                        if isTaken { try? await serve(channel, accepted) } else { try? await channel.close() }
                        if isTaken { traffic.end() }
                    }
                }
            }
        }
    }

    // MARK: One connection

    private func serve(_ channel: any Channel, _ accepted: AcceptedChannels) async throws {
        let connection = try await channel.eventLoop.submit {
            // A channel that is closed cannot be wrapped.
            guard accepted.holds(channel) else { throw ChannelError.ioOnClosedChannel }
            return try Connection(wrappingChannelSynchronously: channel)
        }.get()
        try await connection.executeThenClose { inbound, outbound in
            try await channel.setOption(.autoRead, value: true).get()
            var incoming = inbound.makeAsyncIterator()
            var received = ByteBuffer()
            guard let head = try await Self.head(from: &incoming, &received), let request = ProxyRequest(head: head)
            else {
                return try await outbound.write(Self.answer("400 Bad Request"))
            }
            let target: Connection
            do {
                target = try await connect(to: request.host, port: request.port)
            } catch {
                try Task.checkCancellation()
                let isRefused = if case LinkError.refused = error { true } else { false }
                return try await outbound.write(Self.answer(isRefused ? "403 Forbidden" : "502 Bad Gateway"))
            }
            try await target.executeThenClose { answers, requests in
                switch request.kind {
                case .tunnel:
                    try await outbound.write(ByteBuffer(string: "HTTP/1.1 200 Connection established\r\n\r\n"))
                case .forward(let head, _): try await requests.write(ByteBuffer(string: head))
                }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        // Whichever side ends, both do.
                        defer { connection.channel.close(promise: nil) }
                        try await pass(answers, to: outbound, isTunnel: request.kind == .tunnel)
                    }
                    defer { target.channel.close(promise: nil) }
                    if case .forward(_, let length) = request.kind {
                        try await passBody(of: length, received, &incoming, to: requests)
                    } else {
                        if received.readableBytes > 0 { try await requests.write(received) }
                        while let piece = try await incoming.next() { try await requests.write(counted(piece)) }
                    }
                }
            }
        }
    }

    /// Exactly the body, and then nothing more: another request would be for whoever it names.
    private func passBody(
        of length: Int, _ received: ByteBuffer,
        _ incoming: inout NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        to requests: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) async throws {
        var (left, piece) = (length, Optional(received))
        while var bytes = piece {
            if let part = bytes.readSlice(length: min(left, bytes.readableBytes)), part.readableBytes > 0 {
                left -= part.readableBytes
                try await requests.write(counted(part))
            }
            piece = try await incoming.next()
        }
    }

    private func pass(
        _ answers: NIOAsyncChannelInboundStream<ByteBuffer>, to browser: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        isTunnel: Bool
    ) async throws {
        var incoming = answers.makeAsyncIterator()
        if !isTunnel {
            var received = ByteBuffer()
            var isInterim = true
            while isInterim {
                guard let head = try await Self.head(from: &incoming, &received) else { return }
                // 103 Early Hints and the like come before the answer.
                isInterim = head.contains(/^HTTP\/1\.[01] 1/)
                let written = isInterim ? head + "\r\n\r\n" : ProxyRequest.closing(answer: head)
                try await browser.write(ByteBuffer(string: written))
            }
            try await browser.write(counted(received))
        }
        while let piece = try await incoming.next() { try await browser.write(counted(piece)) }
    }

    private func counted(_ bytes: ByteBuffer) throws -> ByteBuffer {
        // Of a page with all that belongs to it.
        guard traffic.count(bytes.readableBytes) <= limits.maximumBytes else {
            throw LinkError.tooLarge(maximumBytes: limits.maximumBytes)
        }
        return bytes
    }

    private func connect(to host: String, port: Int) async throws -> Connection {
        guard asked.contains(host) else { throw LinkError.refused(why: "no page has asked for \(host)") }
        let addresses = try await access.addresses(of: host, port: port, resolver)
        var failure: (any Error)?
        for address in addresses.prefix(LinkLimits.addresses) {
            do {
                let connection = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                    .connectTimeout(TimeAmount(limits.connect))
                    .connect(to: try SocketAddress(ipAddress: address.text, port: port)) { channel in
                        channel.eventLoop.makeCompletedFuture { try Connection(wrappingChannelSynchronously: channel) }
                    }
                guard CheckedConnection.peer(of: connection.channel) == address else {
                    try await connection.channel.close()
                    throw LinkError.refused(why: "connected to another address")
                }
                return connection
            } catch let error where LinkFailure.isAboutConnecting(error) { failure = error }
        }
        throw failure ?? LinkError.unreachable("The host has no address.")
    }

    // MARK: Messages

    /// The head of a message, without its blank line; `nil` where the connection ends before it does.
    private static func head(
        from incoming: inout NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator, _ received: inout ByteBuffer
    ) async throws -> String? {
        let end = Array("\r\n\r\n".utf8)
        while true {
            let view = received.readableBytesView
            if let blank = view.firstRange(of: end) {
                let head = received.readString(length: blank.lowerBound - view.startIndex)
                received.moveReaderIndex(forwardBy: end.count)
                return head
            }
            guard received.readableBytes <= ProxyRequest.longestHead, var piece = try await incoming.next() else {
                return nil
            }
            received.writeBuffer(&piece)
        }
    }

    private static func answer(_ status: String) -> ByteBuffer {
        ByteBuffer(string: "HTTP/1.1 \(status)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    }
}

/// What has gone through a proxy.
private final class Traffic: Sendable {
    private struct State {
        var open = 0
        var connections = 0
        var bytes = 0
    }

    private let state = Mutex(State())

    /// Whether there may be another connection.
    func begin(atOnce: Int, altogether: Int) -> Bool {
        state.withLock { state in
            guard state.open < atOnce, state.connections < altogether else { return false }
            state.open += 1
            state.connections += 1
            return true
        }
    }

    func end() { state.withLock { $0.open -= 1 } }

    /// - Returns: all bytes by now.
    func count(_ bytes: Int) -> Int {
        state.withLock { state in
            state.bytes += bytes
            return state.bytes
        }
    }
}
