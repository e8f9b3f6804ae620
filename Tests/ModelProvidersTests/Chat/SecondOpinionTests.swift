import AsyncHTTPClient
import Domain
import Foundation
import ModelProviders
import Testing

/// LiteLLM's proxy as a second opinion on the wires that it speaks; `script/check-provider-wires` starts one. Its model `chat` says
/// `Hello from the backend.`, and calls the first of the tools that it is offered.
@Suite(.timeLimit(.minutes(1)), .enabled(if: ProcessInfo.processInfo.environment["LECTERN_TEST_LITELLM"] != nil))
struct SecondOpinionTests {
    enum Wire: CaseIterable, Sendable {
        case chatCompletions, azure, responses, messages, gemini

        func model(_ origin: String, _ client: HTTPClient, key: String) -> any LanguageModel {
            var endpoint = OpenAICompatibleEndpoint.generic(baseURL: "\(origin)/v1", apiKey: key, modelID: "chat")
            endpoint.requestsUsage = true
            switch self {
            case .chatCompletions: return OpenAICompatibleModel(endpoint: endpoint, client: client)
            case .azure:
                endpoint.baseURL = "\(origin)/openai/deployments/chat?api-version=2024-10-21"
                endpoint.keyHeader = "api-key"
                return OpenAICompatibleModel(endpoint: endpoint, client: client)
            case .responses: return OpenAIResponsesModel(endpoint: endpoint, client: client)
            case .messages:
                return AnthropicModel(
                    endpoint: MessagesEndpoint(
                        providerName: "AnthropicLLM", label: "Anthropic", baseURL: "\(origin)/v1", apiKey: key,
                        modelID: "chat", contextWindow: 4096), client: client, facts: ModelFactsCache())
            case .gemini:
                return GeminiModel(
                    endpoint: GeminiEndpoint(
                        providerName: "GeminiLLM", label: "Gemini", baseURL: "\(origin)/v1beta", apiKey: key,
                        modelID: "chat", contextWindow: 4096), client: client)
            }
        }
    }

    private func ask(_ wire: Wire, _ prompt: Prompt, key: String? = nil) async throws -> (
        events: [ReplyEvent], summary: ReplySummary
    ) {
        let environment = ProcessInfo.processInfo.environment
        let origin = try #require(environment["LECTERN_TEST_LITELLM"])
        let ownKey = environment["LECTERN_TEST_LITELLM_KEY"] ?? ""
        return try await HTTPClient.withHTTPClient(configuration: .modelProviders()) { client in
            try await wire.model(origin, client, key: key ?? ownKey).ask(prompt)
        }
    }

    @Test(arguments: Wire.allCases) func `an answer and its cost come through`(wire: Wire) async throws {
        let (events, summary) = try await ask(wire, .hello)
        let text = events.map { if case .text(let text) = $0 { text } else { "" } }.joined()
        #expect(text == "Hello from the backend." && summary.finishReason == .stop)
        #expect((summary.promptTokens ?? 0) > 0 && (summary.completionTokens ?? 0) > 0)
    }

    @Test(arguments: Wire.allCases) func `a tool is called, and its result is answered`(wire: Wire) async throws {
        var prompt = Prompt.hello
        prompt.options.tools = [
            ToolDefinition(
                name: "search", description: "Finds.",
                parameters: .named([ToolParameter("query", .string, "What.", isRequired: true)]))
        ]
        let (events, summary) = try await ask(wire, prompt)
        let calls = events.compactMap { if case .toolCall(let call) = $0 { call } else { nil } }
        #expect(calls.map(\.name) == ["search"] && calls.first?.values == ["query": .text("bees")])
        #expect(summary.finishReason == .toolCalls)
        prompt.messages.append(Message(role: .assistant, text: "", toolCalls: calls))
        prompt.messages.append(Message(role: .tool, text: "found", toolCallID: calls.first?.id))
        let after = try await ask(wire, prompt).events.map { if case .text(let text) = $0 { text } else { "" } }
        #expect(after.joined() == "Hello from the backend.")
    }

    @Test(arguments: Wire.allCases) func `a wrong key is refused`(wire: Wire) async throws {
        let error = await #expect(throws: ServiceError.self) { try await ask(wire, .hello, key: "sk-wrong-1234567") }
        #expect([400, 401, 403].contains(error?.providerStatus ?? 0))
        #expect(error?.message.contains("sk-wrong-1234567") == false)
    }
}
