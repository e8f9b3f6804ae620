import AsyncHTTPClient
import Domain
import ModelProviders
import TestSupport

/// A model that asks a fake provider, for as long as `body` runs.
func withModel<Result>(
    timeouts: ProviderTimeouts = ProviderTimeouts(), retries: RetryPolicy = .never,
    configure: (inout OpenAICompatibleEndpoint) -> Void = { _ in },
    _ body: (FakeProvider, OpenAICompatibleModel) async throws -> Result
) async throws -> Result {
    try await FakeProvider.run { provider in
        var endpoint = OpenAICompatibleEndpoint.generic(baseURL: provider.baseURL, apiKey: nil, modelID: "m")
        configure(&endpoint)
        return try await HTTPClient.withHTTPClient(configuration: .modelProviders(timeouts: timeouts)) { client in
            let model = OpenAICompatibleModel(
                endpoint: endpoint, client: client, timeouts: timeouts, retries: retries)
            return try await body(provider, model)
        }
    }
}

extension LanguageModel {
    /// The whole reply to a short question.
    func ask(_ prompt: Prompt = .hello) async throws -> (events: [ReplyEvent], summary: ReplySummary) {
        var events: [ReplyEvent] = []
        let summary = try await reply(to: prompt) { events.append($0) }
        return (events, summary)
    }
}

extension [ReplyEvent] {
    /// Without the stretches of calls, which come whole as well.
    var withoutPieces: [ReplyEvent] { filter { if case .toolCallPiece = $0 { false } else { true } } }
}

extension Prompt {
    static let hello = Prompt(
        messages: [Message(role: .system, text: "Be short."), Message(role: .user, text: "Hello?")],
        question: "Hello?")
}

extension RetryPolicy {
    /// For tests: tries again at once.
    static func immediately(_ times: Int) -> RetryPolicy { RetryPolicy(maximumRetries: times, firstDelay: .zero) }
}
