import HTTPTypes
import Hummingbird
import NIOCore
package import OrderedJSON

/// A stand-in for a model provider: speaks a vendor's wire format over a real loopback socket, OpenAI's where nothing else is said,
/// and does what the test says.
///
///     try await FakeProvider.run { provider in
///         provider.answerChats(.answer("Hello", " there"))
///         … a client is given provider.baseURL …
///         #expect(provider.requests.count == 1)
///     }
package final class FakeProvider: Sendable {
    /// A request as it came.
    package struct RecordedRequest: Sendable {
        package let path: String
        /// What stands behind the question mark; empty where there is none.
        package let query: String
        /// Names in lower case.
        package let headers: [String: String]
        package let body: JSON
        /// The body as it came, JSON or not.
        package let bytes: [UInt8]
    }

    package struct State: Sendable {
        package var requests: [RecordedRequest] = []
        /// How many clients disconnected before their response was complete.
        package var disconnections = 0
        /// How many responses were broken off.
        package var breaks = 0
        /// Bytes of streamed bodies that were handed to the socket.
        package var writtenBytes = 0
        var chatReplies: [FakeChatReply] = [.answer("Hello", " from", " the", " fake.")]
        var embeddingsReplies: [FakeEmbeddingsReply] = [.vectors]
        var imageReplies: [FakeImageReply] = [.picture(FakeImageReply.png)]
        var transcriptionReplies: [FakeTranscriptionReply] = [.sentence]
        var rerankReplies: [FakeRerankReply] = [.shares]
        var speechReplies: [FakeSpeechReply] = [.sound(FakeSpeechReply.mp3, "audio/mpeg")]
        /// What the next requests get, whatever they are for.
        var faults: [FakeChatReply] = []
        /// What is kept under which path.
        var files: [String: [UInt8]] = [:]
    }

    /// What base path a client is given: `http://127.0.0.1:<port>/v1`.
    package let baseURL: String
    /// To be looked at, and waited for.
    package let state = Observed(State())

    private init(port: Int) {
        baseURL = "http://127.0.0.1:\(port)/v1"
    }

    package var requests: [RecordedRequest] { state.value.requests }

    /// Keeps a file for whoever asks for that path.
    package func keep(_ file: JSON, at path: String) { state.change { $0.files[path] = Array(file.text.utf8) } }

    /// One reply for each request for a chat, in order; the last one stands for all that follow.
    package func answerChats(_ replies: FakeChatReply...) { answerChats(inOrder: replies) }

    package func answerChats(inOrder replies: [FakeChatReply]) { state.change { $0.chatReplies = replies } }

    /// One reply for each request for embeddings, in order; the last one stands for all that follow.
    package func answerEmbeddings(_ replies: FakeEmbeddingsReply...) { answerEmbeddings(inOrder: replies) }

    package func answerEmbeddings(inOrder replies: [FakeEmbeddingsReply]) {
        state.change { $0.embeddingsReplies = replies }
    }

    /// What the next requests get, whatever they are for, before the usual replies.
    package func fail(_ faults: FakeChatReply...) { state.change { $0.faults = faults } }

    /// Runs a provider on a free port while `body` runs; what still hangs then is cut off.
    package static func run<Result>(
        _ body: (FakeProvider) async throws -> Result
    ) async throws -> Result {
        let running = Observed<FakeProvider?>(nil)
        return try await LoopbackServer.run { request in
            guard let provider = running.value else { throw HTTPError(.serviceUnavailable) }
            return try await provider.respond(to: request)
        } _: { port in
            let provider = FakeProvider(port: port)
            running.change { $0 = provider }
            return try await body(provider)
        }
    }
}

// MARK: - Answering

extension FakeProvider {
    private func respond(to request: Request) async throws -> Response {
        // Collected in place: what detects a client that disconnects needs the body that this leaves behind.
        var request = request
        let bytes = try await request.collectBody(upTo: 256 * 1024 * 1024)
        let body = (try? JSON(parsing: bytes.readableBytesView)) ?? .null
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        let record = RecordedRequest(
            path: request.uri.path, query: request.uri.query ?? "", headers: headers, body: body,
            bytes: Array(bytes.readableBytesView))
        state.change { $0.requests.append(record) }
        if let fault = state.change({ $0.faults.isEmpty ? nil : $0.faults.removeFirst() }) {
            return try await send(fault, to: request)
        }
        switch record.path {
        // OpenAI's, Anthropic's, Ollama's, Bedrock's and Google's.
        case "/v1/chat/completions", "/v1/responses", "/v1/messages", "/api/chat": return try await chat(request)
        case let path where path.hasPrefix("/model/") || path.hasSuffix(":streamGenerateContent"):
            return try await chat(request)
        // OpenAI's and Voyage's, Cohere's, Ollama's and Gemini's.
        case "/v1/embeddings", "/v1/embed", "/api/embed": return try await embed(request, body)
        case let path where path.hasSuffix(":batchEmbedContents"): return try await embed(request, body)
        case "/v1/images/generations", "/v1/images/edits", "/api/v1/images/generations", "/api/v1/images/edits":
            return try await makeImage(request)
        // OpenAI's and ElevenLabs'.
        case "/v1/audio/speech": return try await speak(request)
        case let path where path.hasPrefix("/v1/text-to-speech/"): return try await speak(request)
        // Deepgram's.
        case "/v1/listen": return try await transcribe(request, record)
        case "/v1/rerank", "/v2/rerank", "/rerank": return try await rerank(request, body)
        case "/v1/audio/transcriptions", "/v1/audio/translations": return try await transcribe(request, record)
        default:
            if let file = state.value.files[record.path] {
                return Self.response(200, [], body: ResponseBody(byteBuffer: ByteBuffer(bytes: file)))
            }
            return Self.response(whole: .failure(404, "Not found: \(record.path)"))
        }
    }

    private func chat(_ request: Request) async throws -> Response {
        try await send(state.change { Self.takeNext(of: &$0.chatReplies) }, to: request)
    }

    private func send(_ reply: FakeChatReply, to request: Request) async throws -> Response {
        try await reply.gate?.pass()
        guard let steps = reply.steps else { return try await silence(request) }
        if let whole = reply.wholeBody { return Self.response(reply.status, reply.headers, body: whole) }
        // What watches for a client that disconnects ends the connection with the response.
        let headers = reply.headers + [("Connection", "close")]
        return Self.response(
            reply.status, headers,
            body: ResponseBody { writer in
                try await self.whileConnected(request) {
                    for step in steps { try await self.perform(step, writer: &writer) }
                }
                try await writer.finish(nil)
            })
    }

    private func embed(_ request: Request, _ body: JSON) async throws -> Response {
        let reply = state.change { Self.takeNext(of: &$0.embeddingsReplies) }
        switch reply {
        case .failure(let status, let message, let headers):
            return Self.response(whole: .failure(status, message, headers: headers))
        case .silence: return try await silence(request)
        default: return Self.response(whole: .json(embeddings(of: body, reply: reply)))
        }
    }

    private func rerank(_ request: Request, _ body: JSON) async throws -> Response {
        let reply = state.change { Self.takeNext(of: &$0.rerankReplies) }
        guard let json = ranking(of: body, reply) else { return try await silence(request) }
        return Self.response(whole: .json(json))
    }

    private func makeImage(_ request: Request) async throws -> Response {
        let reply = state.change { Self.takeNext(of: &$0.imageReplies) }
        if case .failure(let status, let message) = reply { return Self.response(whole: .failure(status, message)) }
        guard let json = images(reply) else { return try await silence(request) }
        return Self.response(whole: .json(json))
    }

    private func transcribe(_ request: Request, _ record: RecordedRequest) async throws -> Response {
        let reply = state.change { Self.takeNext(of: &$0.transcriptionReplies) }
        guard let answer = reply.answer(to: record) else { return try await silence(request) }
        return Self.response(
            answer.status, [("Content-Type", answer.type)],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
    }

    private func speak(_ request: Request) async throws -> Response {
        let reply = state.change { Self.takeNext(of: &$0.speechReplies) }
        guard case .sound(let bytes, let type) = reply else { return try await silence(request) }
        return Self.response(200, [("Content-Type", type)], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private func silence(_ request: Request) async throws -> Response {
        try await whileConnected(request) { try await Gate().pass() }
        throw CancellationError()
    }

    private func perform(_ step: FakeChatReply.Step, writer: inout any ResponseBodyWriter) async throws {
        switch step {
        case .wait(let gate): try await gate.pass()
        case .hang: try await Gate().pass()
        case .breakOff:
            state.change { $0.breaks += 1 }
            throw BreakOff()
        case .flood(_, let count):
            let bytes = step.wireBytes
            for _ in 0..<count { try await write(bytes, to: &writer) }
        default: try await write(step.wireBytes, to: &writer)
        }
    }

    private func write(_ bytes: [UInt8], to writer: inout any ResponseBodyWriter) async throws {
        try await writer.write(ByteBuffer(bytes: bytes))
        state.change { $0.writtenBytes += bytes.count }
    }

    /// Runs `operation` until it ends or the client disconnects, which is counted.
    private func whileConnected(_ request: Request, _ operation: () async throws -> Void) async throws {
        do { try await request.body.consumeWithCancellationOnInboundClose { _ in try await operation() } } catch {
            if !(error is BreakOff) { state.change { $0.disconnections += 1 } }
            throw error
        }
    }

    private static func takeNext<Reply>(of replies: inout [Reply]) -> Reply {
        replies.count > 1 ? replies.removeFirst() : replies[0]
    }

    private static func response(whole reply: FakeChatReply) -> Response {
        response(reply.status, reply.headers, body: reply.wholeBody ?? ResponseBody())
    }

    private static func response(
        _ status: Int, _ headers: [(name: String, value: String)], body: ResponseBody
    ) -> Response {
        var fields = HTTPFields()
        for header in headers {
            if let name = HTTPField.Name(header.name) { fields.append(HTTPField(name: name, value: header.value)) }
        }
        return Response(status: .init(code: status), headers: fields, body: body)
    }
}

/// Ends a response without its end.
private struct BreakOff: Error {}

extension FakeChatReply {
    /// The body where it is there from the beginning; such a response leaves the connection open for the next request.
    fileprivate var wholeBody: ResponseBody? {
        guard let steps, steps.count == 1, case .bytes(let bytes)? = steps.first else { return nil }
        return ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
    }
}
