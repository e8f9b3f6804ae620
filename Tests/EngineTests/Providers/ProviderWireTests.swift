import AsyncHTTPClient
import Domain
import Foundation
import ModelProviders
import OrderedJSON
import TestSupport
import Testing

@testable import Engine

/// Each row that has a client, over a real socket: what the settings say reaches the vendor's server.
@Suite(.timeLimit(.minutes(2))) struct ProviderWireTests {
    static let chat = ProviderRegistry.all.filter { row in
        if case .chatCompletions? = row.chat?.wire { true } else { false }
    }.map(\.id)

    static let embeddings = ProviderRegistry.all.filter { row in
        if case .embeddings? = row.embeddings?.wire { true } else { false }
    }.map(\.id)

    @Test(arguments: chat) func `a vendor of chats is asked with its key, its model and its limits`(
        id: String
    ) async throws {
        let row = try #require(ProviderRegistry.provider(id))
        let offer = try #require(row.chat)
        guard case .chatCompletions(let dialect)? = offer.wire else { return }
        let settings = settings(dialect.base, dialect.key, offer.model)
        guard case .chatCompletions(var endpoint) = try settings.chatConnection(id) else { return }
        try await FakeProvider.run { provider in
            endpoint.baseURL = provider.baseURL
            let target = endpoint
            try await HTTPClient.withHTTPClient(configuration: .modelProviders()) { client in
                let model = OpenAICompatibleModel(endpoint: target, client: client)
                var prompt = Prompt(messages: [Message(role: .user, text: "Hello?")], question: "Hello?")
                prompt.options.temperature = 0.5
                var said = ""
                _ = try await model.reply(to: prompt) { if case .text(let piece) = $0 { said += piece } }
                #expect(said == "Hello from the fake.")
                #expect(model.providerName == offer.metricsName)
            }
            let request = try #require(provider.requests.first { $0.path == "/v1/chat/completions" })
            let sentKey = dialect.keyHeader.map { request.headers[$0] } ?? request.headers["authorization"]
            #expect(sentKey == dialect.key.map { _ in dialect.keyHeader == nil ? "Bearer k" : "k" })
            #expect(request.body["model"]?.stringValue == offer.model.variable.map { _ in "m" })
            let limit = dialect.limitsToWindow ? Int64(target.contextWindow) : dialect.maximumTokens.map { _ in 7 }
            #expect(request.body[dialect.maximumTokensField]?.integerValue == limit)
            #expect(request.body["temperature"] == 0.5)
            #expect(request.body["stream"] == true)
            #expect((request.body["stream_options"] != nil) == dialect.requestsUsage)
        }
    }

    @Test(arguments: embeddings) func `a vendor of embeddings is asked with its key, its model and its format`(
        id: String
    ) async throws {
        let row = try #require(ProviderRegistry.provider(id))
        let offer = try #require(row.embeddings)
        guard case .embeddings(let dialect)? = offer.wire else { return }
        var settings = settings(dialect.base, dialect.key, offer.model)
        settings = settings.applying([SettingChange(variable: "EMBEDDING_ENGINE", value: id, isSecret: false)])
        guard case .embeddings(var endpoint) = try settings.embedderConnection() else { return }
        try await FakeProvider.run { provider in
            endpoint.baseURL = dialect.language == .ollama ? provider.origin : provider.baseURL
            let target = endpoint
            try await HTTPClient.withHTTPClient(configuration: .modelProviders()) { client in
                let embedder = RemoteEmbedder(endpoint: target, client: client)
                let embeddings = try await embedder.embed(["one"], as: .passage)
                #expect(embeddings.count == 1)
            }
            let request = try #require(provider.requests.first)
            let header = dialect.keyHeader ?? "authorization"
            #expect(request.headers[header] == dialect.key.map { _ in dialect.keyHeader == nil ? "Bearer k" : "k" })
            switch dialect.language {
            case .openAI, .voyage:
                #expect(request.path == "/v1/embeddings")
                let format = dialect.format.map { $0 == .float ? "float" : "base64" }
                #expect(request.body["encoding_format"]?.stringValue == format)
            case .cohere: #expect(request.path == "/v1/embed")
            case .gemini: #expect(request.path == "/v1/models/m:batchEmbedContents")
            case .ollama: #expect(request.path == "/api/embed")
            }
            if dialect.language != .gemini { #expect(request.body["model"] == "m") }
        }
    }

    @Test(arguments: ["openai", "openrouter", "ollama", "lemonade"]) func `a vendor of pictures is asked with its key`(
        id: String
    ) async throws {
        let offer = try #require(ProviderRegistry.provider(id)?.images)
        var settings = settings(offer.base, offer.key, offer.model)
        settings = settings.applying([SettingChange(variable: "IMAGE_GEN_PROVIDER", value: id, isSecret: false)])
        var endpoint = try settings.imageEndpoint()
        try await FakeProvider.run { provider in
            endpoint.baseURL = provider.baseURL
            let target = endpoint
            // OpenRouter's pictures come with chat messages.
            let url = "data:image/png;base64," + Data(FakeImageReply.png).base64EncodedString()
            let images: JSON = [["type": "image_url", "image_url": ["url": .string(url)]]]
            provider.answerChats(.json(["choices": [["message": ["role": "assistant", "images": images]]]]))
            try await HTTPClient.withHTTPClient(configuration: .modelProviders()) { client in
                let generator = RemoteImageGenerator(endpoint: target, client: client)
                let image = try await generator.image(for: ImagePrompt(text: "a cat", size: "auto"))
                #expect(image.format == .png)
            }
            #expect(provider.requests.first?.headers["authorization"] == "Bearer k")
            #expect(provider.requests.first?.body["model"] == "m")
        }
    }

    @Test(arguments: ["openai", "generic-openai"])
    func `a vendor of transcriptions is asked with its key and its model`(
        id: String
    ) async throws {
        let row = try #require(ProviderRegistry.provider(id))
        guard case .transcriptions(let dialect)? = row.transcription?.wire else { return }
        var settings = settings(dialect.base, dialect.key, dialect.model)
        settings = settings.applying([SettingChange(variable: "WHISPER_PROVIDER", value: id, isSecret: false)])
        var endpoint = try settings.transcriptionEndpoint()
        #expect(endpoint.baseURL == (id == "openai" ? "https://api.openai.com/v1" : "http://127.0.0.1/v1"))
        try await FakeProvider.run { provider in
            endpoint.baseURL = provider.baseURL
            let target = endpoint
            try await HTTPClient.withHTTPClient(configuration: .modelProviders()) { client in
                let transcriber = RemoteTranscriber(endpoint: target, client: client)
                let recording = RecordingFile(path: "/dev/null", format: .wav, byteCount: 0)
                let transcript = try await transcriber.transcript(of: recording)
                #expect(transcript.segments.count == 1)
            }
            let request = try #require(provider.requests.first)
            #expect(request.headers["authorization"] == "Bearer k")
            #expect(SentForm(request)?.fields["model"] == (id == "openai" ? "whisper-1" : "m"))
        }
    }

    /// Everything that the row may ask for; the address is replaced by the fake's.
    private func settings(_ base: BaseAddress, _ key: Credential?, _ model: ModelChoice) -> SettingsSnapshot {
        var environment = ["GENERIC_OPEN_AI_MAX_TOKENS": "7", "KOBOLD_CPP_MAX_TOKENS": "7"]
        if let variable = base.variable { environment[variable] = "http://127.0.0.1/v1" }
        if let key { environment[key.variable] = "k" }
        if let variable = model.variable { environment[variable] = "m" }
        return SettingsSnapshot(environment: environment)
    }
}
