import Domain
import Foundation
import NIOHTTP1
import OrderedJSON
import TestSupport
import Testing

/// The built program with a provider of the real wire format on a real socket.
@Suite(.timeLimit(.minutes(4))) struct ProviderTests {
    @Test func `a provider that is set is asked at once, with the passages, and still after a restart`() async throws {
        try await FakeProvider.run { provider in
            provider.answerChats(.answer("At ", "seven."))
            try await RunningServer.run { server in
                try await prepare(server)
                try await use(provider, in: server)
                let answer = try await server.api.json(
                    .POST, "/workspace/w/chat", ["message": "When does the harbour open?"])
                #expect(answer["textResponse"] == "At seven.")
                #expect(answer["metrics"]?["provider"] == "GenericOpenAiLLM")
                let request = try #require(provider.requests.last)
                #expect(request.headers["authorization"] == "Bearer provider-key")
                let messages = request.body["messages"]?.arrayValue ?? []
                #expect(messages.first?["content"]?.stringValue?.contains("The harbour opens at seven.") == true)
                #expect(messages.last?["content"]?.stringValue == "When does the harbour open?")

                server.end(with: SIGKILL)
                try await server.start()
                let again = try await server.api.json(.POST, "/workspace/w/chat", ["message": "And again?"])
                #expect(again["textResponse"] == "At seven.")
                // The first chat is history now.
                let history = provider.requests.last?.body["messages"]?.arrayValue?.map { $0["content"]?.stringValue }
                #expect(history?.contains("At seven.") == true)
            }
        }
    }

    @Test func `a provider that does not begin to answer is given up after the time that is set`() async throws {
        try await FakeProvider.run { provider in
            provider.answerChats(.silence)
            try await RunningServer.run { server in
                try await prepare(server)
                try await use(provider, in: server)
                server.end(with: SIGTERM)
                try await server.start(environment: [
                    "ANYTHINGLLM_FETCH_TIMEOUT": "300", "ANYTHINGLLM_MAX_RETRIES": "0", "LOG_LEVEL": "error",
                ])
                let answer = try await server.api.json(.POST, "/workspace/w/chat", ["message": "harbour"])
                #expect(answer["error"]?.stringValue?.contains("did not begin to answer within 0.3 s") == true)
            }
        }
    }

    @Test func `a provider in the environment that is not built is named where it is needed`() async throws {
        try await RunningServer.run { server in
            try await prepare(server)
            server.end(with: SIGTERM)
            try await server.start(environment: ["LLM_PROVIDER": "somebody", "VECTOR_DB": "qdrant"])
            let answer = try await server.api.json(.POST, "/workspace/w/chat", ["message": "harbour"])
            let error = answer["error"]?.stringValue ?? ""
            #expect(error.hasPrefix("The provider somebody is not available in this version. Available: openai,"))
            let search = try await server.api.json(.POST, "/workspace/w/vector-search", ["query": "harbour"])
            #expect(search["results"]?.arrayValue?.isEmpty == false)
        }
    }

    @Test func `a client that disconnects on a silent provider stops it`() async throws {
        try await FakeProvider.run { provider in
            provider.answerChats(.stream(.text("first"), .hang))
            try await RunningServer.run { server in
                try await prepare(server)
                try await use(provider, in: server)
                try await server.api.disconnect(after: 1, "/workspace/w/stream-chat", ["message": "harbour"])
                _ = try await provider.state.wait { $0.disconnections == 1 }
            }
        }
    }

    @Test func `tools run between two requests, and the chat keeps them`() async throws {
        try await FakeProvider.run { provider in
            provider.answerChats(
                .calls((name: "search_documents", arguments: #"{"query":"When does the harbour open?"}"#)),
                .answer("At seven."))
            try await RunningServer.run { server in
                try await prepare(server)
                try await use(provider, in: server)
                let answer = try await server.api.json(.POST, "/workspace/w/chat", ["message": "Tell me."])
                #expect(answer["textResponse"] == "At seven.")
                let messages = provider.requests.last?.body["messages"]?.arrayValue ?? []
                #expect(messages.last?["role"] == "tool")
                #expect(messages.last?["content"]?.stringValue?.contains("The harbour opens at seven.") == true)
                #expect(messages.dropLast().last?["tool_calls"]?.arrayValue?.count == 1)
                let history = try await server.api.json(.GET, "/workspace/w/chats")["history"]?.arrayValue
                #expect(history?.last?["toolCalls"]?.arrayValue?.first?["name"] == "search_documents")
            }
        }
    }

    @Test func `a client that disconnects while a tool waits for the provider stops it`() async throws {
        try await FakeProvider.run { provider in
            provider.answerChats(
                .calls((name: "summarize_document", arguments: #"{"document":"a.txt"}"#)), .silence)
            try await RunningServer.run { server in
                try await prepare(server)
                try await use(provider, in: server)
                let api = server.api
                let reader = Task {
                    try await api.disconnect(after: 2, "/workspace/w/stream-chat", ["message": "Sum up."])
                }
                _ = try await provider.state.wait { $0.requests.count { $0.path.hasSuffix("/completions") } == 2 }
                reader.cancel()
                _ = try await provider.state.wait { $0.disconnections == 1 }
            }
        }
    }

    @Test func `a provider that dies in mid-stream ends the stream with an error`() async throws {
        try await FakeProvider.run { provider in
            let gate = Gate()
            provider.answerChats(.stream(.text("first"), .wait(gate), .breakOff))
            try await RunningServer.run { server in
                try await prepare(server)
                try await use(provider, in: server)
                let text = try await server.api.stream("/workspace/w/stream-chat", ["message": "harbour"]) { text in
                    if text.contains("\"textResponse\":\"first\"") { gate.open() }
                }
                #expect(text.contains("\"type\":\"abort\""))
                #expect(text.hasSuffix("}\n\n"))
                #expect(server.isRunning)
            }
        }
    }

    @Test(arguments: [true, false])
    func `answers end when their workspace or their thread is deleted`(isStreamed: Bool) async throws {
        try await FakeProvider.run { provider in
            provider.answerChats(.stream(.text("first"), .hang))
            try await RunningServer.run { server in
                try await prepare(server)
                try await use(provider, in: server)
                _ = try await server.api.json(.POST, "/workspace/w/thread/new", ["name": "t", "slug": "t"])
                let api = server.api
                for (place, disconnections) in [("/workspace/w/thread/t", 1), ("/workspace/w", 2)] {
                    let path = place + (isStreamed ? "/stream-chat" : "/chat")
                    async let answer = api.text(.POST, path, ["message": "harbour"])
                    _ = try await provider.state.wait { $0.requests.count == disconnections }
                    _ = try await api.text(.DELETE, place)
                    _ = try await provider.state.wait { $0.disconnections == disconnections }
                    let text = try await answer
                    #expect(text.contains("The workspace or the thread was deleted.") && text.contains("abort"))
                }
            }
        }
    }

    @Test func `a server that stops ends its streams with a closing frame`() async throws {
        try await FakeProvider.run { provider in
            provider.answerChats(.stream(.text("first"), .hang))
            try await RunningServer.run { server in
                try await prepare(server)
                try await use(provider, in: server)
                let api = server.api
                async let text = api.text(.POST, "/workspace/w/stream-chat", ["message": "harbour"])
                _ = try await provider.state.wait { $0.writtenBytes > 0 }
                server.end(with: SIGTERM)
                let frames = try await text.components(separatedBy: "\n\n").filter { !$0.isEmpty }
                #expect(frames.last?.contains("\"type\":\"abort\"") == true)
                #expect(frames.last?.contains("\"close\":true") == true)
            }
        }
    }

    @Test func `A47 a client that does not read its stream stops the provider, and nobody else`() async throws {
        try await FakeProvider.run { provider in
            let chunk = 1000
            let count = 200_000
            provider.answerChats(.stream(.flood(chunk: chunk, count: count)), .answer("quick"))
            try await RunningServer.run { server in
                try await prepare(server)
                try await use(provider, in: server)
                try await server.api.withUnreadStream("/workspace/w/stream-chat", ["message": "harbour"]) {
                    for _ in 0..<20 {
                        let answer = try await server.api.json(.POST, "/workspace/w/chat", ["message": "harbour"])
                        #expect(answer["textResponse"] == "quick")
                    }
                }
                let state = try await provider.state.wait { $0.disconnections == 1 }
                // What lies in buffers and sockets on the way; the whole would be two hundred megabytes.
                #expect(state.writtenBytes < chunk * count / 4)
            }
        }
    }

    @Test func `another embedder embeds again what is stored, and the first one finds it again`() async throws {
        try await FakeProvider.run { provider in
            try await RunningServer.run { server in
                try await prepare(server)
                let changed = try await server.api.json(
                    .POST, "/system/update-env",
                    [
                        "EmbeddingEngine": "generic-openai", "EmbeddingBasePath": .string(provider.baseURL),
                        "EmbeddingModelPref": "m",
                    ])
                #expect(changed["error"] == .null)
                #expect(changed["reembedding"] == true)
                try await finds("harbour", in: server)
                #expect(provider.requests.contains { $0.path == "/v1/embeddings" })
                let back = try await server.api.json(.POST, "/system/update-env", ["EmbeddingEngine": "native"])
                #expect(back["reembedding"] == true)
                try await finds("harbour", in: server)
            }
        }
    }

    private func prepare(_ server: RunningServer) async throws {
        _ = try await server.api.json(.POST, "/workspace/new", ["name": "w", "similarityThreshold": 0])
        let stored = try await server.api.upload("The harbour opens at seven.", named: "a.txt", to: "w")
        #expect(stored["success"] == true)
    }

    private func use(_ provider: FakeProvider, in server: RunningServer) async throws {
        let changed = try await server.api.json(
            .POST, "/system/update-env",
            [
                "LLMProvider": "generic-openai", "GenericOpenAiBasePath": .string(provider.baseURL),
                "GenericOpenAiModelPref": "m", "GenericOpenAiKey": "provider-key",
            ])
        #expect(changed["error"] == .null)
        #expect(changed["newValues"]?["GenericOpenAiKey"] != "provider-key")
    }

    /// Waits until the document has been embedded again, which is a job beside the requests.
    private func finds(_ query: String, in server: RunningServer) async throws {
        try await server.wait {
            let found = try await server.api.json(
                .POST, "/workspace/w/vector-search", ["query": .string(query), "scoreThreshold": 0])
            return found["results"]?.arrayValue?.first?["chunk"] == "The harbour opens at seven."
        }
    }
}
