import Domain
import OrderedJSON
import TestSupport
import Testing

@testable import ModelProviders

/// What servers of one's own are asked and told besides chats, over a real socket.
@Suite(.timeLimit(.minutes(1))) struct LocalServerTests {
    static let listings: [(OpenAICompatibleEndpoint.WindowListing.Place, String, JSON, Int)] = [
        (.models, "/v1/models", ["id": "m", "max_model_len": 9000], 9000),
        (.models, "/v1/models", ["id": "m", "maxInputTokens": 3000, "maxOutputTokens": 1000], 4000),
        (.lmStudio, "/api/v0/models", ["id": "m", "max_context_length": 8192], 8192),
        (.models, "/v1/models", ["id": "other", "max_model_len": 9000], 4096),
    ]

    @Test(arguments: listings) func `a window is what the server lists, which is asked once`(
        place: OpenAICompatibleEndpoint.WindowListing.Place, path: String, entry: JSON, expected: Int
    ) async throws {
        try await withModel(configure: { $0.windowListing = OpenAICompatibleEndpoint.WindowListing(place) }) {
            provider, model in
            provider.keep(["data": [["id": "x"], entry]], at: path)
            #expect(model.contextWindow == 4096)
            #expect(try await model.prepared().contextWindow == expected)
            _ = try await model.prepared()
            #expect(provider.requests.map(\.path) == [path])
        }
    }

    private func lemonade(_ health: JSON?, _ loads: [JSON]) async throws {
        try await withModel(configure: { $0.loading = .lemonade }) { provider, model in
            if let health { provider.keep(health, at: "/v1/health") }
            provider.keep(["status": "success"], at: "/v1/load")
            for _ in 0..<2 { _ = try await model.ask() }
            #expect(provider.requests.filter { $0.path == "/v1/load" }.map(\.body) == loads)
            #expect(provider.requests.filter { $0.path == "/v1/health" }.count == 1)
        }
    }

    @Test func `Lemonade loads a model with the window that it is to have`() async throws {
        let load: JSON = ["model_name": "m", "ctx_size": 4096]
        let loaded = { (name: JSON, size: JSON) -> JSON in
            ["all_models_loaded": [["model_name": name, "recipe_options": ["ctx_size": size]]]]
        }
        try await lemonade(loaded("m", 4096), [])
        try await lemonade(["model_loaded": "m"], [])
        try await lemonade(loaded("m", 2048), [load])
        try await lemonade(loaded("other", 4096), [load])
        // A server that does not say how it is may answer all the same.
        try await lemonade(nil, [])
    }

    @Test func `Foundry loads a model that it does not hold, and its answer is bounded by the window`() async throws {
        for (held, asked) in [(["m 1"], 0), (["other"], 1)] as [([String], Int)] {
            try await withModel(configure: {
                $0.loading = .foundry
                $0.modelID = "m 1"
                $0.maximumTokensField = "max_completion_tokens"
                ($0.defaultMaximumTokens, $0.limitsToWindow) = (nil, true)
            }) { provider, model in
                provider.keep(.array(held.map(JSON.string)), at: "/models/loaded")
                provider.answerChats(.answer("Yes.<tool", "_call>{}</tool_call> Done."))
                let events = try await model.ask().events
                #expect(events == [.text("Yes."), .text(" Done.")])
                #expect(provider.requests.filter { $0.path == "/models/load/m%201" }.count == asked)
                #expect(provider.requests.last?.body["max_completion_tokens"] == 4096)
            }
        }
    }

    @Test func `what a filter holds back is said when the answer breaks off`() async throws {
        try await withModel(configure: { $0.quotesWeb = true }) { provider, model in
            provider.answerChats(.stream(.text("see [1"), .breakOff))
            var said = ""
            var code: ServiceError.Code?
            do {
                _ = try await model.reply(to: .hello) { if case .text(let text) = $0 { said += text } }
            } catch let error as ServiceError {
                code = error.code
            }
            #expect(said == "see [1" && code == .upstream)
        }
    }

    @Test func `pages of the web are linked where the prompt has no numbers of its own`() async throws {
        let chunk = FakeChatReply.Step.bytes(
            Array((#"data: {"choices":[{"delta":{"content":"so [1]."}}],"citations":["https://a"]}"# + "\n\n").utf8))
        var numbered = Prompt.hello
        numbered.passages = [ContextPassage(text: "x", citation: "y", number: 1)]
        for (prompt, expected) in [(Prompt.hello, "so [[1](https://a)]."), (numbered, "so [1].")] {
            try await withModel(configure: { $0.quotesWeb = true }) { provider, model in
                provider.answerChats(.stream(chunk, .done))
                var said = ""
                _ = try await model.reply(to: prompt) { if case .text(let text) = $0 { said += text } }
                #expect(said == expected)
            }
        }
    }
}
