import Domain
import HTTPTypes
import OrderedJSON
import Testing

@Suite struct ResponseTests {
    @Test func `a text is answered from the workspace's documents, with usage and citations`() async throws {
        let model = ConversingModel([.text("At seven [1].")])
        try await TestServer.run(model: model) { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            let response = try await client.respond([
                "model": "w", "input": "When does the harbour open?", "instructions": "Be brief.",
                "temperature": 0.2, "max_output_tokens": 99, "metadata": ["topic": "hours"],
            ])
            #expect(response["object"] == "response" && response["status"] == "completed")
            #expect(response["id"]?.stringValue?.hasPrefix("resp_") == true && response["model"] == "w")
            #expect(response["error"] == .null && response["incomplete_details"] == .null)
            #expect(response["metadata"] == ["topic": "hours"] && response["instructions"] == "Be brief.")
            #expect(response["temperature"] == 0.2 && response["tool_choice"] == "auto" && response["tools"] == [])
            #expect(response["usage"]?["input_tokens"] == 310 && response["usage"]?["total_tokens"] == 311)
            #expect(response.outputTypes == ["message"] && response.outputText == "At seven [1].")
            let message = try #require(response["output"]?.arrayValue?.first)
            #expect(message["role"] == "assistant" && message["status"] == "completed")
            let citation = message["content"]?.arrayValue?.first?["annotations"]?.arrayValue?.first
            #expect(citation?["type"] == "file_citation" && citation?["filename"] == "a.txt" && citation?["index"] == 9)
            #expect(citation?["file_id"]?.stringValue?.hasPrefix("file-") == true)
            #expect(model.instruction.hasPrefix("Be brief.") && model.instruction.contains("opens at seven"))
            #expect(model.prompts[0].options.temperature == 0.2 && model.prompts[0].options.maximumTokens == 99)
        }
    }

    @Test func `items of a conversation reach the model in order`() async throws {
        let model = ConversingModel([.text("Forty.")])
        try await TestServer.run(model: model) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let picture = "data:image/png;base64,iVBORw0KGgo="
            _ = try await client.respond([
                "model": "w",
                "input": [
                    ["role": "developer", "content": "Be kind."],
                    ["role": "user", "content": "When does it open?"],
                    ["type": "reasoning", "id": "rs_1", "summary": []],
                    [
                        "role": "assistant",
                        "content": [["type": "output_text", "text": "At seven.", "annotations": []]],
                    ],
                    [
                        "type": "message", "role": "user",
                        "content": [
                            ["type": "input_text", "text": "What does this lift?"],
                            ["type": "input_image", "image_url": .string(picture), "detail": "auto"],
                        ],
                    ],
                ],
            ])
            let messages = try #require(model.prompts.first?.messages)
            #expect(messages.map(\.role) == [.system, .user, .assistant, .user])
            #expect(messages[0].text.hasPrefix("Be kind."))
            #expect(messages.dropFirst().map(\.text) == ["When does it open?", "At seven.", "What does this lift?"])
            #expect(messages[3].media.map(\.url) == [picture])
        }
    }

    @Test func `a response is kept with its items until it is deleted`() async throws {
        try await TestServer.run(model: ConversingModel([.text("Hi")])) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let made = try await client.respond(["model": "w", "input": [["role": "user", "content": "Hello"]]])
            let path = "\(TestClient.responses)/\(made["id"]?.stringValue ?? "")"
            let found = try await client.json(.get, path)
            #expect(found == made)
            let items = try await client.json(.get, path + "/input_items")
            #expect(items["has_more"] == false && items["data"]?.arrayValue?.count == 1)
            let item = try #require(items["data"]?.arrayValue?.first)
            #expect(item["type"] == "message" && item["role"] == "user" && item["id"] == items["first_id"])
            #expect(item["content"] == [["type": "input_text", "text": "Hello"]])
            let cancelled = try await client.send(.post, path + "/cancel")
            #expect(cancelled.status == 400)
            let deleted = try await client.json(.delete, path)
            #expect(deleted["deleted"] == true && deleted["id"] == made["id"])
            for (method, end) in [(HTTPRequest.Method.get, ""), (.get, "/input_items"), (.delete, "")] {
                let answer = try await client.send(method, path + end)
                #expect(answer.status == 404)
                #expect(try JSON(parsing: answer.text)["error"]?["type"] == "invalid_request_error")
            }
        }
    }

    @Test func `one that is not to be stored is not`() async throws {
        try await TestServer.run(model: ConversingModel([.text("Hi")])) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let made = try await client.respond(["model": "w", "input": "Hello", "store": false])
            #expect(made["store"] == false && made["status"] == "completed")
            let found = try await client.send(.get, "\(TestClient.responses)/\(made["id"]?.stringValue ?? "")")
            #expect(found.status == 404)
        }
    }

    @Test func `a response goes on from another one, whose instructions it does not take over`() async throws {
        let model = ConversingModel([.text("At seven."), .text("Forty tons."), .text("Yes.")])
        try await TestServer.run(model: model) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let first = try await client.respond([
                "model": "w", "input": "When does it open?", "instructions": "Rhyme.",
            ])
            let second = try await client.respond([
                "model": "w", "input": "What does the crane lift?", "previous_response_id": first["id"] ?? nil,
            ])
            #expect(second["previous_response_id"] == first["id"])
            _ = try await client.respond([
                "model": "w", "input": "Always?", "previous_response_id": second["id"] ?? nil,
            ])
            let prompt = try #require(model.prompts.last)
            #expect(!prompt.messages[0].text.contains("Rhyme."))
            #expect(
                prompt.messages.dropFirst().map(\.text) == [
                    "When does it open?", "At seven.", "What does the crane lift?", "Forty tons.", "Always?",
                ])
            let lost = try await client.send(
                .post, TestClient.responses, ["model": "w", "input": "x", "previous_response_id": "resp_none"])
            #expect(lost.status == 400)
            #expect(try JSON(parsing: lost.text)["error"]?["code"] == "previous_response_not_found")
        }
    }

    @Test func `items can be named by their ids`() async throws {
        let model = ConversingModel([.text("At seven."), .text("Yes.")])
        try await TestServer.run(model: model) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let first = try await client.respond(["model": "w", "input": "When does it open?"])
            let id = try #require(first["output"]?.arrayValue?.first?["id"])
            let input: JSON = [
                ["role": "user", "content": "When?"], ["type": "item_reference", "id": id],
                ["role": "user", "content": "Sure?"],
            ]
            _ = try await client.respond(["model": "w", "input": input])
            #expect(model.prompts.last?.messages.dropFirst().map(\.text) == ["When?", "At seven.", "Sure?"])
            let unknown = try await client.send(
                .post, TestClient.responses,
                [
                    "model": "w",
                    "input": [["type": "item_reference", "id": "msg_none"], ["role": "user", "content": "x"]],
                ])
            #expect(unknown.status == 404)
        }
    }

    @Test func `the form of an answer reaches the model, and a refusal is none`() async throws {
        let model = ConversingModel([.text(#"{"hour":[7]}"#)])
        try await TestServer.run(model: model) { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            let format: JSON = [
                "type": "json_schema", "name": "opening", "strict": true, "schema": ["type": "object"],
            ]
            let body: JSONObject = ["input": "When does the harbour open?", "text": ["format": format]]
            let response = try await client.respond(.object(body.merging(["model": "w"])))
            #expect(
                model.prompts.first?.options.responseFormat
                    == .jsonSchema(#"{"name":"opening","schema":{"type":"object"},"strict":true}"#))
            #expect(response["text"]?["format"] == format)
            // A list of numbers in JSON is no citation.
            #expect(response["output"]?.arrayValue?.first?["content"]?.arrayValue?.first?["annotations"] == [])
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "empty", "chatMode": "query"])
            let refused = try await client.respond(.object(body.merging(["model": "empty"])))
            let part = refused["output"]?.arrayValue?.first?["content"]?.arrayValue?.first
            #expect(part?["type"] == "refusal" && part?["refusal"]?.stringValue?.contains("no relevant") == true)
            let plain = try await client.respond(["model": "empty", "input": "When?"])
            #expect(plain.outputText.contains("no relevant information"))
        }
    }

    @Test func `an answer that ran into its limit is incomplete`() async throws {
        try await TestServer.run(model: LimitedModel()) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let response = try await client.respond(["model": "w", "input": "x"])
            #expect(response["status"] == "incomplete")
            #expect(response["incomplete_details"] == ["reason": "max_output_tokens"])
            #expect(response["output"]?.arrayValue?.first?["status"] == "incomplete")
        }
    }

    @Test func `another tenant's response is none, in any way that it can be named`() async throws {
        try await Tenants.run { tenants in
            let made = try await tenants.theirs.respond(["model": "theirs", "input": "secret"])
            let id = try #require(made["id"])
            let path = "\(TestClient.responses)/\(id.stringValue ?? "")"
            for (method, end) in [
                (HTTPRequest.Method.get, ""), (.get, "/input_items"), (.post, "/cancel"), (.delete, ""),
            ] {
                let answer = try await tenants.mine.send(method, path + end)
                #expect(answer.status == 404 && !answer.text.contains("secret"))
            }
            let item = made["output"]?.arrayValue?.first?["id"] ?? nil
            for body in [
                ["model": "mine", "input": "x", "previous_response_id": id],
                [
                    "model": "mine",
                    "input": [["type": "item_reference", "id": item], ["role": "user", "content": "x"]],
                ],
                ["model": "theirs", "input": "x"],
                [
                    "model": "mine", "input": "x",
                    "tools": [["type": "file_search", "vector_store_ids": ["theirs"]]],
                ],
            ] as [JSON] {
                let answer = try await tenants.mine.send(.post, TestClient.responses, body)
                #expect([400, 404].contains(answer.status))
            }
            let kept = try await tenants.theirs.json(.get, path)
            #expect(kept == made)
        }
    }

    @Test(
        arguments: [
            (["input": "x", "temperature": 3], "temperature"),
            (["input": "x", "max_output_tokens": 0], "max_output_tokens"),
            ([:], "input"), (["input": []], "input"), (["input": [1]], "input[0]"),
            (["input": [["role": "system", "content": "x"]]], "input"),
            (["input": [["role": "king", "content": "x"]]], "input[0].role"),
            (["input": [["type": "computer_call"]]], "input[0].type"),
            (["input": [["role": "user", "content": [["type": "input_video"]]]]], "input[0].content[0].type"),
            (
                ["input": [["role": "user", "content": [["type": "input_file", "file_url": "u"]]]]],
                "input[0].content[0].file_url"
            ),
            (["input": [["type": "function_call_output", "call_id": "c", "output": "x"]]], "input[0].tool_call_id"),
            (["input": "x", "tools": [["type": "web_search"]]], "tools[0].type"),
            (["input": "x", "tools": [["type": "function", "name": "a b"]]], "tools[0].name"),
            (["input": "x", "tools": [["type": "file_search"]]], "tools[0].vector_store_ids"),
            (["input": "x", "tool_choice": "required"], "tool_choice"),
            (["input": "x", "tool_choice": ["type": "function", "name": "f"]], "tool_choice"),
            (["input": "x", "text": ["format": ["type": "json_schema", "name": "n"]]], "text.format.schema"),
            (["input": "x", "background": true], "background"), (["input": "x", "conversation": "c"], "conversation"),
            (["input": "x", "metadata": ["a": 1]], "metadata"), (["input": "x", "include": [1]], "include"),
        ] as [(JSONObject, String)])
    func `what is wrong is named, before a model is asked`(fields: JSONObject, parameter: String) async throws {
        let model = ConversingModel()
        try await TestServer.run(model: model) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let answer = try await client.send(
                .post, TestClient.responses, .object(fields.merging(["model": "w"])))
            #expect(answer.status == 400)
            let error = try JSON(parsing: answer.text)["error"]
            #expect(error?["param"]?.stringValue == parameter && error?["type"] == "invalid_request_error")
            #expect(model.prompts.isEmpty)
        }
    }

    @Test func `a model that is no workspace is not found under either address`() async throws {
        try await TestServer.run { client in
            for address in ["/v1/responses", "/api/v1/openai/responses"] {
                let answer = try await client.send(.post, address: address, ["model": "gpt-4o", "input": "x"])
                #expect(answer.status == 404 && answer.text.contains("model_not_found"))
            }
        }
    }
}

/// Says a word and is at its limit.
private struct LimitedModel: LanguageModel {
    let providerName = "LimitedLLM"
    let modelID = "limited"
    let contextWindow = 4096
    let supportsTools = false
    let acceptsImages = false

    func reply(to prompt: Prompt, emit: (ReplyEvent) async throws -> Void) async throws -> ReplySummary {
        try await emit(.text("Well"))
        return ReplySummary(promptTokens: 1, completionTokens: 1, finishReason: .length)
    }
}
