import AsyncHTTPClient
import Domain
import EventStreams
import ModelContextProtocol
import NIOCore
import NIOHTTP1
import OrderedJSON

/// Speaks to a server as revision 2024-11-05 has it ("HTTP with SSE"): an event stream, which stays open, says in its first event
/// where messages are posted, and brings the answers.
struct EventsTransport: MCPTransport {
    let hearsServer = true
    private let target: String
    private let headers: HTTPHeaders
    private let client: HTTPClient

    /// Until the stream has said where messages go.
    private static let patience = TimeAmount.seconds(30)
    private static let sendingTime = TimeAmount.seconds(30)

    /// Opens the stream and runs `work` beside it.
    ///
    /// - Throws: `MCPFailure` where it cannot be opened, or ends before `work` does.
    static func run(
        address: String, headers: [MCPServerEntry.Header], client: HTTPClient, take: @escaping MCPReceiver,
        _ work: @escaping @Sendable (EventsTransport) async throws -> Void
    ) async throws {
        let fields = HTTPHeaders(headers.map { ($0.name, $0.value) })
        var request = HTTPClientRequest(url: address)
        request.headers = ["User-Agent": "Lectern", "Accept": "text/event-stream"]
        for field in fields { request.headers.replaceOrAdd(name: field.name, value: field.value) }
        let response = try await reaching { try await client.execute(request, deadline: .now() + patience) }
        guard response.status == .ok else {
            throw MCPFailure("answers HTTP \(response.status.code) \(response.status.reasonPhrase)")
        }
        let body = response.body
        let (targets, found) = AsyncStream<String>.makeStream(bufferingPolicy: .bufferingNewest(1))
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await Self.read(body, of: address, take) { found.yield($0) }
                throw MCPFailure("ended", endsSession: true)
            }
            group.addTask {
                for await target in targets {
                    try await work(EventsTransport(target: target, headers: fields, client: client))
                    return true
                }
                return false
            }
            defer { group.cancelAll() }
            while let isDone = try await group.next() { if isDone { return } }
        }
    }

    /// Reads the stream to its end, also where that is a break.
    ///
    /// - Parameter tell: is told where messages go.
    private static func read(
        _ body: HTTPClientResponse.Body, of address: String, _ take: MCPReceiver, _ tell: (String) -> Void
    ) async throws {
        var parser = ServerSentEventParser(maximumLength: MCPLimits.maximumMessage)
        var isFirst = true
        do {
            for try await bytes in body {
                for event in try parser.append(bytes.readableBytesView) {
                    if isFirst {
                        guard event.type == "endpoint", let target = target(event.data, of: address) else {
                            throw MCPFailure("does not say where messages are sent")
                        }
                        tell(target)
                        isFirst = false
                    } else if event.type == "message", let json = try? JSON(parsing: event.data) {
                        for message in RPCMessage.all(in: json) { await take(message) }
                    }
                }
            }
        } catch is FrameTooLong {
            throw MCPFailure("sent an event of more than \(MCPLimits.maximumMessage >> 20) MiB", endsSession: true)
        } catch let failure as MCPFailure {
            throw failure
        } catch {
            try Task.checkCancellation()
        }
    }

    func send(_ message: RPCMessage) async throws {
        var request = HTTPClientRequest(url: target)
        request.method = .POST
        request.headers = ["User-Agent": "Lectern", "Content-Type": "application/json"]
        for field in headers { request.headers.replaceOrAdd(name: field.name, value: field.value) }
        var bytes: [UInt8] = []
        message.json.write(to: &bytes)
        request.body = .bytes(ByteBuffer(bytes: bytes))
        let sent = request
        let response = try await Self.reaching {
            try await client.execute(sent, deadline: .now() + Self.sendingTime)
        }
        guard (200..<300).contains(response.status.code) else {
            throw MCPFailure("answers HTTP \(response.status.code) \(response.status.reasonPhrase)")
        }
        _ = try? await response.body.collect(upTo: MCPLimits.maximumMessage)
    }

    func agreed(on revision: String) {}

    private static func reaching<Value>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch {
            try Task.checkCancellation()
            throw MCPFailure("cannot be reached\(ConnectionReason.text(of: error))", endsSession: true)
        }
    }

    /// Where messages go: on the server that was configured, and nowhere else, for they carry its credentials.
    private static func target(_ text: String, of address: String) -> String? {
        guard let origin = WebAddress(address)?.origin else { return nil }
        if text.hasPrefix("/"), !text.hasPrefix("//") { return origin + text }
        return WebAddress(text)?.origin == origin ? text : nil
    }
}
