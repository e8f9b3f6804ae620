import AsyncHTTPClient
import Domain
import ModelProviders
import OrderedJSON
import TestSupport
import Testing

/// The same faults for everything but chats that providers are asked for, over a real socket.
@Suite(.timeLimit(.minutes(3))) struct ClientFaultTests {
    /// A client, and one question of its kind.
    struct Client: Sendable, CustomTestStringConvertible {
        typealias Ask = @Sendable (FakeProvider, HTTPClient, ProviderTimeouts, RetryPolicy) async throws -> Void

        let testDescription: String
        let ask: Ask

        init(_ name: String, _ ask: @escaping Ask) {
            testDescription = name
            self.ask = ask
        }
    }

    static let key = "very-secret-key"

    @Test(arguments: Client.all) func `a refusal tells its status and hides the key`(client: Client) async throws {
        for status in [400, 401, 403, 404] {
            let (error, requests) = try await Self.ask(client, .failure(status, "bad key \(Self.key)"))
            #expect(error?.code == .upstream && error?.providerStatus == status)
            #expect(error?.message.contains("[hidden]") == true && error?.message.contains(Self.key) == false)
            #expect(requests >= 1)
        }
    }

    @Test(arguments: Client.all) func `what passes is tried again, and the pause that is asked for is kept`(
        client: Client
    ) async throws {
        for status in [429, 500, 503, 529] {
            let busy = FakeChatReply.failure(status, "busy", headers: [("Retry-After", "0")])
            let (error, requests) = try await Self.ask(client, busy, retries: .immediately(1))
            #expect(error == nil && requests == 2, "\(status): \(error?.message ?? "")")
        }
        let later = FakeChatReply.failure(429, "later", headers: [("Retry-After", "17")])
        let (error, _) = try await Self.ask(client, later)
        #expect(error?.providerStatus == 429 && error?.retryAfter == 17)
    }

    @Test(arguments: Client.all) func `an answer that breaks off is none`(client: Client) async throws {
        let half = FakeChatReply.Step.bytes(Array(#"{"data":[{"index":0,"#.utf8))
        let (error, _) = try await Self.ask(
            client, FakeChatReply.stream([half, .breakOff]).typed("application/json"))
        #expect(error?.message.hasSuffix("closed the connection before its answer was complete.") == true)
    }

    @Test(arguments: Client.all) func `silence is given up, before an answer and in the middle of one`(
        client: Client
    ) async throws {
        let (late, _) = try await Self.ask(
            client, .silence, timeouts: ProviderTimeouts(firstByte: .milliseconds(200)))
        #expect(late?.message.contains("did not begin to answer within 0.2 s") == true)
        let half = FakeChatReply.Step.bytes(Array(#"{"data":"#.utf8))
        let (error, _) = try await Self.ask(
            client, FakeChatReply.stream([half, .hang]).typed("application/json"),
            timeouts: ProviderTimeouts(idle: .milliseconds(200)))
        #expect(error?.message.contains("sent nothing for 0.2 s") == true)
    }

    @Test(arguments: Client.all) func `what is not the answer that was asked for is said to be none`(
        client: Client
    ) async throws {
        for text in [#"{"data":[{"index":0,"#, "[]", "{}", "null", "<html><title>Sign in</title></html>", ""] {
            let (error, _) = try await Self.ask(client, .body(text, contentType: "application/json"))
            #expect(error?.code == .upstream, "\(text): \(error?.message ?? "no error")")
            #expect(error?.message.contains(".") == true)
        }
    }

    @Test(arguments: Client.all) func `an error inside an answer that began with success is told, without secrets`(
        client: Client
    ) async throws {
        let (error, _) = try await Self.ask(client, .json(["error": ["message": .string("no memory for \(Self.key)")]]))
        #expect(error?.message.contains("failed: no memory for [hidden].") == true)
    }

    /// How one question ends whose first request gets `reply`, and how many requests it took.
    private static func ask(
        _ client: Client, _ reply: FakeChatReply, timeouts: ProviderTimeouts = ProviderTimeouts(),
        retries: RetryPolicy = .never
    ) async throws -> (error: ServiceError?, requests: Int) {
        try await FakeProvider.run { provider in
            // Some ask a second time in another form where the first one is refused.
            if retries.maximumRetries == 0 { provider.fail(reply, reply) } else { provider.fail(reply) }
            return try await HTTPClient.withHTTPClient(configuration: .modelProviders(timeouts: timeouts)) { http in
                var failure: ServiceError?
                do { try await client.ask(provider, http, timeouts, retries) } catch let error as ServiceError {
                    failure = error
                }
                return (failure, provider.requests.count)
            }
        }
    }
}

extension ClientFaultTests.Client {
    typealias Client = Self

    static let all =
        rerankers + embedders + [
            speech(.openAI), speech(.elevenLabs), openAITranscription, deepgram, pictures,
        ]

    private static let key = ClientFaultTests.key

    static let rerankers = [
        ("Cohere", RerankEndpoint.Dialect.cohere), ("Jina", .jina), ("Voyage", .voyage),
        ("Text Embeddings Inference", .textEmbeddingsInference),
    ].map { name, dialect in
        Client("reranking by \(name)") { provider, http, timeouts, retries in
            let endpoint = RerankEndpoint(
                label: name, baseURL: provider.baseURL, apiKey: key, modelID: "m", dialect: dialect)
            let reranker = RemoteReranker(endpoint: endpoint, client: http, timeouts: timeouts, retries: retries)
            let candidates = ["a", "b"].map { RerankCandidate(text: $0, context: "", similarity: 0) }
            _ = try await reranker.scores("a", candidates: candidates, until: .now + .seconds(60))
        }
    }
}

extension ClientFaultTests.Client {
    static let embedders = [EmbeddingsEndpoint.Dialect.openAI, .voyage, .cohere, .gemini, .ollama].map { dialect in
        Client("embeddings by \(dialect)") { provider, http, timeouts, retries in
            let endpoint = EmbeddingsEndpoint(
                label: "Embedder", dialect: dialect, baseURL: dialect == .ollama ? provider.origin : provider.baseURL,
                apiKey: key, modelID: "m")
            let embedder = RemoteEmbedder(endpoint: endpoint, client: http, timeouts: timeouts, retries: retries)
            _ = try await embedder.embed(["a", "b"], as: .passage)
        }
    }
}

extension ClientFaultTests.Client {
    static func speech(_ dialect: SpeechEndpoint.Dialect) -> Client {
        Client("speech by \(dialect)") { provider, http, timeouts, retries in
            let endpoint = SpeechEndpoint(
                label: "Speaker", dialect: dialect, baseURL: provider.baseURL, apiKey: key, modelID: "m", voice: "v")
            let speaker = RemoteSpeechSynthesizer(
                endpoint: endpoint, client: http, timeouts: timeouts, retries: retries)
            _ = try await speaker.speech(for: SpeechPrompt(text: "a"))
        }
    }

    static let openAITranscription = Client("transcription by OpenAI") { provider, http, timeouts, retries in
        let endpoint = listening(provider, .openAI)
        let transcriber = RemoteTranscriber(endpoint: endpoint, client: http, timeouts: timeouts, retries: retries)
        _ = try await transcriber.transcript(of: RecordingFile(path: "/dev/null", format: .wav, byteCount: 0))
    }

    static let deepgram = Client("transcription by Deepgram") { provider, http, timeouts, retries in
        let endpoint = listening(provider, .deepgram)
        let transcriber = DeepgramTranscriber(endpoint: endpoint, client: http, timeouts: timeouts, retries: retries)
        _ = try await transcriber.transcript(of: RecordingFile(path: "/dev/null", format: .wav, byteCount: 0))
    }

    private static func listening(
        _ provider: FakeProvider, _ dialect: TranscriptionEndpoint.Dialect
    ) -> TranscriptionEndpoint {
        TranscriptionEndpoint(
            label: "Listener", dialect: dialect, baseURL: provider.baseURL, apiKey: key, modelID: "m",
            maximumFileBytes: nil)
    }

    static let pictures = Client("pictures by OpenAI") { provider, http, timeouts, retries in
        let generator = RemoteImageGenerator(
            endpoint: .openAI(baseURL: provider.baseURL, apiKey: key), client: http, timeouts: timeouts,
            retries: retries)
        _ = try await generator.image(for: ImagePrompt(text: "a", size: "auto"))
    }
}

extension FakeChatReply {
    /// With another type than that of a stream.
    func typed(_ type: String) -> FakeChatReply {
        var reply = self
        reply.headers = [("Content-Type", type)]
        return reply
    }
}
