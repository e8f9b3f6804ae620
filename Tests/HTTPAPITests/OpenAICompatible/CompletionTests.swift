import Domain
import HTTPTypes
import OrderedJSON
import Testing

@Suite struct CompletionTests {
    private static let path = "/v1/openai/chat/completions"
    private static let question: JSON = [["role": "user", "content": "When does the harbour open?"]]

    @Test func `a workspace is a model, and nothing else is`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let list = try await client.json(.get, "/v1/openai/models")
            let model = try await client.json(.get, "/v1/openai/models/w")
            #expect(model["id"] == "w" && model["object"] == "model" && model["owned_by"] == "extractive")
            #expect(model["created"]?.integerValue != nil)
            #expect(list["data"]?.arrayValue == [model])
            for name in ["x", "W", "w%2F..", "%F0%9F%91%A9"] {
                let (status, text) = try await client.send(.get, "/v1/openai/models/\(name)")
                let error = try JSON(parsing: text)["error"]
                #expect(status == 404)
                #expect(error?["code"] == "model_not_found" && error?["param"] == "model")
            }
        }
    }

    /// Example 18.7, as it is done better: the object's name, the role once, numbers for the usage, and an end.
    @Test func `18_7 a stream`() async throws {
        try await TestServer.run(model: ConversingModel()) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "Sample workspace"])
            let text = try await client.send(
                .post, Self.path, ["model": "sample-workspace", "messages": Self.question, "stream": true]
            ).text
            let (chunks, _) = try chunks(in: text)
            let usage = try #require(chunks.last?["usage"])
            let head =
                #"data: {"id":\#(chunks[0]["id"]?.text ?? ""),"object":"chat.completion.chunk","#
                + #""created":\#(chunks[0]["created"]?.text ?? ""),"model":"sample-workspace","choices":[{"index":0,"#
            #expect(
                text == head
                    + #""delta":{"role":"assistant","content":"Hi"},"logprobs":null,"finish_reason":null}]}"# + "\n\n"
                    + head + #""delta":{"content":""},"logprobs":null,"finish_reason":"stop"}],"#
                    + #""sources":[],"usage":\#(usage.text)}"# + "\n\n" + "data: [DONE]\n\n")
            #expect(usage.text.hasPrefix(#"{"prompt_tokens":310,"completion_tokens":1,"total_tokens":311,"#))
            #expect(
                usage.objectValue?.members.map(\.key).sorted() == [
                    "completion_tokens", "duration", "model", "outputTps", "prompt_tokens", "provider", "timestamp",
                    "total_tokens",
                ])
            let id = chunks[0]["id"]?.stringValue ?? ""
            #expect(id.hasPrefix("chatcmpl-"))
            #expect(usage["provider"] == "ConversingLLM")
        }
    }

    @Test func `the usage comes in a chunk of its own where it is asked for`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            let body: JSON = [
                "model": "w", "messages": Self.question, "stream": true, "stream_options": ["include_usage": true],
            ]
            let (chunks, _) = try chunks(in: try await client.send(.post, Self.path, body).text)
            try #require(chunks.count == 4)
            #expect(chunks.dropLast().allSatisfy { $0["usage"] == .null && $0["choices"]?.arrayValue?.count == 1 })
            #expect(chunks[2]["sources"]?.arrayValue?.first?["chunk"] == "The harbour opens at seven.")
            #expect(chunks[3]["choices"] == [])
            #expect(chunks[3]["usage"]?["total_tokens"] == 312)
        }
    }

    @Test func `a whole answer has the documents' sources, unless the request says not to use them`() async throws {
        let model = ConversingModel()
        try await TestServer.run(model: model) { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            let with = try await client.json(.post, Self.path, ["model": "w", "messages": Self.question])
            #expect(with["object"] == "chat.completion")
            #expect(with["choices"]?.arrayValue?.first?["message"] == ["role": "assistant", "content": "Hi"])
            #expect(with["sources"]?.arrayValue?.count == 1)
            let without = try await client.json(
                .post, Self.path, ["model": "w", "messages": Self.question, "use_documents": false])
            #expect(without["sources"] == [])
            let instructions = model.prompts.map { $0.messages.first?.text ?? "" }
            #expect(instructions.map { $0.contains("opens at seven") } == [true, false])
        }
    }

    @Test func `query mode refuses with the refusal as content, and not where documents are left out`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w", "chatMode": "query"])
            let body: JSON = ["model": "w", "messages": Self.question]
            let refused = try await client.json(.post, Self.path, body)["choices"]?.arrayValue?.first
            #expect(refused?["message"]?["content"]?.stringValue?.hasPrefix("There is no relevant") == true)
            #expect(refused?["finish_reason"] == "stop")
            var streamed = body.objectValue ?? JSONObject()
            streamed["stream"] = true
            let (chunks, last) = try chunks(in: try await client.send(.post, Self.path, .object(streamed)).text)
            let deltas = chunks.compactMap { $0["choices"]?.arrayValue?.first?["delta"] }
            let said = deltas.compactMap { $0["content"]?.stringValue }.joined()
            #expect(said.hasPrefix("There is no relevant"))
            #expect(deltas.map { $0["role"] } == ["assistant", nil])
            #expect(last == "[DONE]")
            var free = body.objectValue ?? JSONObject()
            free["use_documents"] = false
            let answer = try await client.json(.post, Self.path, .object(free))["choices"]?.arrayValue?.first
            #expect(answer?["message"]?["content"] == "Hi there")
        }
    }

    @Test(arguments: [
        "data:image/png,%89PNG", "DATA:IMAGE/PNG;BASE64,iVBORw==", "data:image/png;charset=x;base64,iVBORw==",
    ])
    func `a picture may be a data URL of any form`(url: String) async throws {
        let model = ConversingModel()
        try await TestServer.run(model: model) { client in
            try await client.makeWorkspaces("w")
            let content: JSON = [
                ["type": "text", "text": "What?"], ["type": "image_url", "image_url": ["url": .string(url)]],
            ]
            let body: JSON = ["model": "w", "messages": [["role": "user", "content": content]]]
            #expect(try await client.send(.post, Self.path, body).0 == 200)
            let picture = try #require(model.prompts.first?.messages.last?.media.first)
            #expect(picture.mediaType == "image/png" && picture.url.hasPrefix("data:image/png;base64,iVBOR"))
        }
    }

    @Test func `messages become instruction, history and question, pictures and refusals with them`() async throws {
        let model = ConversingModel()
        try await TestServer.run(model: model) { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            let picture = "data:image/jpeg;base64,/9j/4AAQ"
            let messages: JSON = [
                ["role": "system", "content": [["type": "text", "text": "Be"], ["type": "text", "text": "short."]]],
                ["role": "developer", "content": "And kind."],
                [
                    "role": "user",
                    "content": [
                        ["type": "text", "text": "What is this?"],
                        ["type": "image_url", "image_url": ["url": .string(picture)]],
                    ],
                ],
                ["role": "assistant", "content": [["type": "refusal", "refusal": "I will not say."]]],
                [
                    "role": "user",
                    "content": [
                        ["type": "text", "text": "And this?"],
                        ["type": "image_url", "image_url": ["url": "https://example.com/a.png", "detail": "low"]],
                        ["type": "input_audio", "input_audio": ["data": "UklGRg==", "format": "mp3"]],
                    ],
                ],
            ]
            let (status, _) = try await client.send(.post, Self.path, ["model": "w", "messages": messages])
            #expect(status == 200)
            let prompt = try #require(model.prompts.first)
            #expect(prompt.messages[0].text.hasPrefix("Be\nshort.\n\nAnd kind."))
            #expect(prompt.messages.map(\.role) == [.system, .user, .assistant, .user])
            #expect(
                prompt.messages[1].media == [
                    MediaAttachment(name: "uploaded_image_0", mediaType: "image/jpeg", url: picture)
                ])
            #expect(prompt.messages[2].text == "I will not say.")
            #expect(prompt.messages[3].media.map(\.mediaType) == ["image/png", "audio/mpeg"])
            #expect(prompt.messages.last?.text == "And this?")
        }
    }

    @Test func `a file on a message is read for the question`() async throws {
        let model = ConversingModel()
        try await TestServer.run(model: model) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let content: JSON = [
                ["type": "text", "text": "When?"],
                [
                    "type": "file",
                    "file": ["filename": "note.txt", "file_data": "data:text/plain;base64,SXQgb3BlbnMgYXQgc2l4Lg=="],
                ],
                ["type": "file", "file": ["filename": "x.pdf", "file_data": "bm8gcGRm"]],
            ]
            let answer = try await client.json(
                .post, Self.path, ["model": "w", "messages": [["role": "user", "content": content]]])
            #expect(answer["sources"]?.arrayValue?.first?["text"] == "It opens at six.")
            #expect(answer["warnings"]?.arrayValue?.count == 1)
            #expect(model.prompts.first?.messages.first?.text.contains("It opens at six.") == true)
        }
    }

    @Test func `options reach the model, and the workspace's temperature where there is none`() async throws {
        let model = ConversingModel()
        try await TestServer.run(model: model) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w", "openAiTemp": 0.3])
            let schema: JSON = ["name": "answer", "schema": ["type": "object"], "strict": true]
            let options: JSONObject = [
                "model": "w", "messages": Self.question, "temperature": "0.5", "top_p": 0.9, "max_tokens": 7,
                "max_completion_tokens": 9, "seed": 42, "stop": ["a", "b"], "presence_penalty": -1,
                "frequency_penalty": 0.5, "response_format": ["type": "json_schema", "json_schema": schema],
                "reasoning_effort": "low", "logit_bias": ["50256": -100], "n": 1, "user": "u", "logprobs": false,
                "top_logprobs": nil, "metadata": ["a": "b"], "store": false, "service_tier": "auto",
                "stream_options": nil, "something_new": [1],
            ]
            let first = try await client.send(.post, Self.path, .object(options))
            try #require(first.status == 200)
            _ = try await client.send(
                .post, Self.path, ["model": "w", "messages": Self.question, "stop": "x", "temperature": nil])
            let sent = model.prompts.map(\.options)
            #expect(sent[0].temperature == 0.5 && sent[0].topP == 0.9 && sent[0].maximumTokens == 9)
            #expect(sent[0].seed == 42 && sent[0].stop == ["a", "b"])
            #expect(sent[0].presencePenalty == -1 && sent[0].frequencyPenalty == 0.5)
            #expect(sent[0].reasoningEffort == "low" && sent[0].logitBias == ["50256": -100])
            #expect(sent[0].responseFormat == .jsonSchema(schema.text))
            #expect(sent[1].temperature == 0.3 && sent[1].stop == ["x"] && sent[1].responseFormat == nil)
        }
    }

    @Test func `completions stay out of the workspace's own conversation`() async throws {
        let model = ConversingModel()
        try await TestServer.run(model: model) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            _ = try await client.json(.post, Self.path, ["model": "w", "messages": Self.question])
            _ = try await client.json(.post, "/v1/workspace/w/chat", ["message": "Hello?"])
            #expect(model.prompts.last?.messages.map(\.role) == [.system, .user])
        }
    }

    @Test func `an answer that breaks off ends in an error and no finish reason`() async throws {
        let model = ScriptedModel(["Hi"], failure: ServiceError(.upstream, "the model broke"))
        try await TestServer.run(model: model) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let body: JSON = ["model": "w", "messages": Self.question, "stream": true]
            let (chunks, last) = try chunks(in: try await client.send(.post, Self.path, body).text)
            #expect(chunks.count == 2 && last == "[DONE]")
            #expect(chunks[1]["error"]?["message"] == "the model broke")
            #expect(chunks[1]["error"]?["type"] == "server_error")
            let whole = try await client.send(.post, Self.path, ["model": "w", "messages": Self.question])
            #expect(whole.status == 502)
            #expect(try JSON(parsing: whole.text)["error"]?["message"] == "the model broke")
        }
    }
}
