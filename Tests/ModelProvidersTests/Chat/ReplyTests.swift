import Domain
import ModelProviders
import OrderedJSON
import TestSupport
import Testing

/// Replies that go well, over a real socket.
@Suite(.timeLimit(.minutes(1))) struct ReplyTests {
    @Test func `pieces come in order and the usage after the finish reason is read`() async throws {
        try await withModel { provider, model in
            provider.answerChats(.answer("Grüße", ", ", "👩‍👩‍👧 Welt"))
            let (events, summary) = try await model.ask()
            #expect(events == [.text("Grüße"), .text(", "), .text("👩‍👩‍👧 Welt")])
            #expect(summary == ReplySummary(promptTokens: 7, completionTokens: 3, finishReason: .stop))
        }
    }

    @Test func `each piece is handed on as soon as it comes`() async throws {
        try await withModel { provider, model in
            let gate = Gate()
            provider.answerChats(.stream(.text("first"), .wait(gate), .text("second"), .finish(), .done))
            var events: [ReplyEvent] = []
            _ = try await model.reply(to: .hello) { event in
                events.append(event)
                // The provider sends nothing more until the first piece has arrived here.
                if event == .text("first") { gate.open() }
            }
            #expect(events == [.text("first"), .text("second")])
        }
    }

    @Test(arguments: ["reasoning_content", "reasoning", "thinking"])
    func `what the model thinks is told apart from what it answers`(field: String) async throws {
        try await withModel { provider, model in
            provider.answerChats(
                .stream(
                    .reasoning("Let me ", field: field), .reasoning("see.", field: field), .text("42"), .finish(), .done
                ))
            let found = try await model.ask().events
            #expect(found == [.reasoning("Let me "), .reasoning("see."), .text("42")])
        }
    }

    @Test func `a stream that ends without a finish reason is a finished reply`() async throws {
        try await withModel { provider, model in
            provider.answerChats(.stream(.text("all there is")))
            let (events, summary) = try await model.ask()
            #expect(events == [.text("all there is")])
            #expect(summary == ReplySummary())
        }
    }

    @Test func `what came before a connection broke is kept, however slowly it is read`() async throws {
        let pieces = (0..<200).map { FakeChatReply.Step.text("\($0) ") }
        try await withModel { provider, model in
            provider.answerChats(.stream(pieces + [.breakOff]))
            var events: [ReplyEvent] = []
            let error = await #expect(throws: ServiceError.self) {
                _ = try await model.reply(to: .hello) { event in
                    events.append(event)
                    // By now all of it has come, and nobody has asked for it yet.
                    try await provider.state.wait { $0.breaks == 1 }
                }
            }
            #expect(error?.message == "GenericOpenAI closed the connection before its answer was complete.")
            #expect(events == (0..<200).map { .text("\($0) ") })
        }
    }

    @Test(arguments: [
        #"{"choices":null}"#, #"{"choices":[]}"#, #"{}"#, "null", "7", #"{"choices":[{"delta":null}]}"#,
        #"{"choices":[{"delta":{},"finish_reason":null}]}"#, #"{"choices":[{"index":0}],"usage":null}"#,
    ])
    func `frames that say nothing are passed over`(frame: String) async throws {
        try await withModel { provider, model in
            let bytes = FakeChatReply.Step.bytes(Array("data: \(frame)\n\n".utf8))
            provider.answerChats(.stream(bytes, .text("x"), bytes, .usage(prompt: 2, completion: 1), bytes))
            let (events, summary) = try await model.ask()
            #expect(events == [.text("x")])
            #expect(summary == ReplySummary(promptTokens: 2, completionTokens: 1))
        }
    }

    @Test func `a reply that is all thought is a reply`() async throws {
        try await withModel { provider, model in
            provider.answerChats(.stream(.reasoning("Hm."), .usage(prompt: 2, completion: 1)))
            let found = try await model.ask().events
            #expect(found == [.reasoning("Hm.")])
        }
    }

    @Test func `a connection that breaks after the finish reason does no harm`() async throws {
        let gate = Gate()
        let last = #"data: {"choices":[{"delta":{"content":"done"},"finish_reason":"stop"}]}"# + "\n\n"
        try await withModel { provider, model in
            provider.answerChats(.stream(.bytes(Array(last.utf8)), .wait(gate), .breakOff))
            var events: [ReplyEvent] = []
            _ = try await model.reply(to: .hello) { event in
                events.append(event)
                gate.open()
            }
            #expect(events == [.text("done")])
        }
    }

    @Test(arguments: [
        ("stop", ReplySummary.FinishReason.stop), ("length", .length), ("max_tokens", .length),
        ("content_filter", .contentFilter), ("tool_calls", .toolCalls),
    ])
    func `finish reasons are understood`(word: String, reason: ReplySummary.FinishReason) async throws {
        try await withModel { provider, model in
            provider.answerChats(.stream(.text("x"), .finish(word), .done))
            let found3 = try await model.ask().summary.finishReason
            #expect(found3 == reason)
        }
    }

    @Test func `without usage the timings of llama.cpp are read`() async throws {
        let chunk =
            #"{"choices":[{"delta":{},"finish_reason":"stop"}],"timings":{"prompt_n":5,"cache_n":6,"predicted_n":2}}"#
        try await withModel { provider, model in
            provider.answerChats(.stream(.text("x"), .bytes(Array("data: \(chunk)\n\n".utf8)), .done))
            let summary = try await model.ask().summary
            #expect(summary == ReplySummary(promptTokens: 11, completionTokens: 2, finishReason: .stop))
        }
    }

    @Test func `keep-alives and roles without text say nothing`() async throws {
        let noise =
            ": PROCESSING\n\ndata:\n\ndata: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":null}}]}\n\n"
        try await withModel { provider, model in
            provider.answerChats(.stream(.bytes(Array(noise.utf8)), .text("x"), .text(""), .finish(), .done))
            let found4 = try await model.ask().events
            #expect(found4 == [.text("x")])
        }
    }

    @Test func `where streaming is off the whole reply comes at once`() async throws {
        try await withModel(configure: { $0.allowsStreaming = false }) { provider, model in
            provider.answerChats(.whole("42", reasoning: "Easy."))
            let (events, summary) = try await model.ask()
            #expect(events == [.reasoning("Easy."), .text("42")])
            #expect(summary == ReplySummary(promptTokens: 7, completionTokens: 3, finishReason: .stop))
            #expect(provider.requests.first?.body["stream"] == nil)
        }
    }

    @Test func `a server that ignores the wish for a stream is understood`() async throws {
        try await withModel { provider, model in
            provider.answerChats(.whole("42"))
            let found5 = try await model.ask().events
            #expect(found5 == [.text("42")])
            #expect(provider.requests.first?.body["stream"] == true)
        }
    }

    @Test func `the key and the custom headers are sent`() async throws {
        let configure: (inout OpenAICompatibleEndpoint) -> Void = {
            $0.apiKey = "sk-test-123"
            $0.customHeaders = CustomHeaders(parsing: "X-Team:search,User-Agent:Mine")
            $0.baseURL += "/"
        }
        try await withModel(configure: configure) { provider, model in
            _ = try await model.ask()
            let headers = try #require(provider.requests.first?.headers)
            #expect(headers["authorization"] == "Bearer sk-test-123")
            #expect(headers["x-team"] == "search")
            #expect(headers["user-agent"] == "Mine")
            #expect(headers["content-type"] == "application/json")
        }
    }

    @Test(arguments: [nil, ""])
    func `without a key there is no authorization`(key: String?) async throws {
        try await withModel(configure: { $0.apiKey = key }) { provider, model in
            _ = try await model.ask()
            let headers = try #require(provider.requests.first?.headers)
            #expect(headers["authorization"] == nil)
            #expect(headers["user-agent"] == "Lectern")
        }
    }

    @Test(arguments: [FakeChatReply.stream(.done), .json(["choices": []]), .stream(.finish(), .done)])
    func `an answer without a word is an empty one`(reply: FakeChatReply) async throws {
        try await withModel { provider, model in
            provider.answerChats(reply)
            let found = try await model.ask().events
            #expect(found.isEmpty)
        }
    }

    @Test func `a reader that stops stops the provider`() async throws {
        struct Enough: Error {}
        // What the sockets and the provider's own server may hold, which grows with the machine; all of the answer is ten times that.
        let slack = 48 * 1024 * 1024
        try await withModel { provider, model in
            provider.answerChats(.stream(.flood(chunk: 64 * 1024, count: 8192)))
            var read = 0
            var longestLead = 0
            await #expect(throws: Enough.self) {
                _ = try await model.reply(to: .hello) { event in
                    guard case .text(let text) = event else { return }
                    read += text.utf8.count
                    longestLead = max(longestLead, provider.state.value.writtenBytes - read)
                    if read > 1 << 20 { throw Enough() }
                }
            }
            #expect(longestLead < slack)
        }
    }
}
