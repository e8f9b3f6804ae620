package import AsyncHTTPClient
import Domain
import EventStreams
import FoundationEssentials
package import ModelContextProtocol
import NIOCore
import NIOHTTP1
import OrderedJSON
import Synchronization

/// Speaks to a server over HTTP ("Streamable HTTP" of the protocol's transports): each message is posted, and what comes
/// back is handed on, from JSON or from an event stream.
package final class HTTPTransport: MCPTransport {
    let hearsServer = false
    private let address: String
    private let headers: HTTPHeaders
    private let client: HTTPClient
    private let take: @Sendable (RPCMessage) async -> Void

    private struct State {
        var session: String?
        var revision: String?
    }

    private let state = Mutex(State())

    /// Until the head of an answer comes, where nobody sets a shorter limit.
    private static let patience = TimeAmount.seconds(3600)
    private static let farewellTime = TimeAmount.seconds(2)

    /// - Parameters:
    ///   - headers: of each request.
    ///   - client: made with `HTTPClient.Configuration.toolServers`.
    ///   - take: is handed what the server sends.
    package init(
        address: String, headers: [MCPServerEntry.Header], client: HTTPClient,
        take: @escaping @Sendable (RPCMessage) async -> Void
    ) {
        self.address = address
        self.headers = HTTPHeaders(headers.map { ($0.name, $0.value) })
        self.client = client
        self.take = take
    }

    /// What was agreed on is said with each request from now on.
    package func agreed(on revision: String) { state.withLock { $0.revision = revision } }

    package func send(_ message: RPCMessage) async throws {
        let response: HTTPClientResponse
        do {
            response = try await client.execute(request(carrying: message), deadline: .now() + Self.patience)
        } catch {
            try Task.checkCancellation()
            throw MCPFailure("cannot be reached\(ConnectionReason.text(of: error))")
        }
        if let session = response.headers.first(name: ProtocolHeader.session) {
            state.withLock { $0.session = session }
        }
        guard (200..<300).contains(response.status.code) else { throw await refusal(response) }
        let call: RPCID? = if case .request(let call) = message { call.id } else { nil }
        guard response.status != .accepted else {
            if call != nil { throw MCPFailure("gives no answer") }
            return
        }
        do {
            try await handOn(response, answering: call)
        } catch let failure as MCPFailure {
            throw failure
        } catch {
            try Task.checkCancellation()
            throw MCPFailure("broke its answer off\(ConnectionReason.text(of: error))")
        }
    }

    /// Ends the session, so that the server need not keep it.
    package func end() async {
        guard state.withLock({ $0.session }) != nil else { return }
        var request = request()
        request.method = .DELETE
        let farewell = request
        // Although the task may have been cancelled.
        await Task { [client] in _ = try? await client.execute(farewell, deadline: .now() + Self.farewellTime) }.value
    }

    private func request() -> HTTPClientRequest {
        var request = HTTPClientRequest(url: address)
        request.headers = [
            "User-Agent": "Lectern", "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
        ]
        for field in headers { request.headers.replaceOrAdd(name: field.name, value: field.value) }
        let state = state.withLock { $0 }
        if let session = state.session { request.headers.replaceOrAdd(name: ProtocolHeader.session, value: session) }
        if let revision = state.revision {
            request.headers.replaceOrAdd(name: ProtocolHeader.revision, value: revision)
        }
        return request
    }

    private func request(carrying message: RPCMessage) -> HTTPClientRequest {
        var request = request()
        request.method = .POST
        var bytes: [UInt8] = []
        message.json.write(to: &bytes)
        request.body = .bytes(ByteBuffer(bytes: bytes))
        if case .request(let call) = message, let revision = StatelessRevision.revision(of: call) {
            request.headers.remove(name: ProtocolHeader.session)
            request.headers.replaceOrAdd(name: ProtocolHeader.revision, value: Self.encoded(revision))
            request.headers.replaceOrAdd(name: StatelessRevision.methodHeader, value: Self.encoded(call.method))
            if let subject = StatelessRevision.subject(of: call) {
                request.headers.replaceOrAdd(name: StatelessRevision.nameHeader, value: Self.encoded(subject))
            }
        }
        return request
    }

    /// As a header can hold it: what it cannot as `=?base64?…?=`.
    private static func encoded(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && text.trimmed == text
        return isPlain && !text.hasPrefix("=?base64?")
            ? text : "=?base64?\(Data(text.utf8).base64EncodedString())?="
    }

    // MARK: Answers

    /// - Parameter call: the request that is answered; `nil` where none is.
    private func handOn(_ response: HTTPClientResponse, answering call: RPCID?) async throws {
        guard response.headers.first(name: "content-type")?.lowercased().hasPrefix("text/event-stream") == true else {
            let body = try await response.body.collect(upTo: MCPLimits.maximumMessage)
            guard body.readableBytes > 0 || call != nil else { return }
            guard let json = try? JSON(parsing: body.readableBytesView) else {
                throw MCPFailure("answers with what is no JSON")
            }
            let messages = RPCMessage.all(in: json)
            for message in messages { await take(message) }
            if let call, !messages.contains(where: { $0.answers(call) }) { throw MCPFailure("gives no answer") }
            return
        }
        var parser = ServerSentEventParser(maximumLength: MCPLimits.maximumMessage)
        for try await bytes in response.body {
            for event in try parser.append(bytes.readableBytesView) {
                guard let json = try? JSON(parsing: event.data) else { continue }
                let messages = RPCMessage.all(in: json)
                for message in messages { await take(message) }
                // What a server might say behind it is no business of this request.
                if let call, messages.contains(where: { $0.answers(call) }) { return }
            }
        }
        if call != nil { throw MCPFailure("broke its answer off") }
    }

    private func refusal(_ response: HTTPClientResponse) async -> any Error {
        let body = try? await response.body.collect(upTo: Self.maximumRefusal)
        let json = body.flatMap { try? JSON(parsing: $0.readableBytesView) }
        if response.status == .notFound, state.withLock({ $0.session }) != nil {
            return MCPFailure("has ended the session", endsSession: true)
        }
        if let json, case .response(let answer)? = try? RPCMessage(json), case .failure(let error) = answer.outcome {
            return error
        }
        switch response.status {
        case .unauthorized, .forbidden: return MCPFailure("refuses the credentials (HTTP \(response.status.code))")
        default: return MCPFailure("answers HTTP \(response.status.code) \(response.status.reasonPhrase)")
        }
    }

    /// Bytes that are read of a refusal.
    private static let maximumRefusal = 64 << 10
}

extension RPCMessage {
    fileprivate func answers(_ call: RPCID) -> Bool {
        if case .response(let response) = self { response.id == call } else { false }
    }
}

extension HTTPClient.Configuration {
    /// What a client that speaks to servers of the protocol needs: no redirects, which would send credentials to places that
    /// nobody configured, and no limit on silence, for each call has one of its own.
    package static var toolServers: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: Timeout(connect: .seconds(10)))
        // Cancelling an HTTP/1 request closes its connection, which every server notices.
        configuration.httpVersion = .http1Only
        // A failed attempt to connect is told at once; the server is tried again after a pause.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        return configuration
    }
}
