import Domain
import HTTPTypes
import OrderedJSON
import Testing

/// The events of a response while it is made.
@Suite struct ResponseStreamTests {
    private static let message = [
        "output_item.added", "content_part.added", "output_text.delta", "output_text.delta",
        "output_text.annotation.added", "output_text.done", "content_part.done", "output_item.done",
    ]

    @Test func `events come in the order of OpenAI's, numbered, and the last one holds all`() async throws {
        try await TestServer.run(model: ConversingModel([.events([.text("At "), .text("seven [1].")])])) { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            let events = try await client.streamResponse(["model": "w", "input": "When does the harbour open?"])
            #expect(events.types == ["created", "in_progress"] + Self.message + ["completed"])
            let begun = events.first("created")?["response"]
            #expect(begun?["status"] == "in_progress" && begun?["output"] == [] && begun?["usage"] == .null)
            let delta = events.first("output_text.delta")
            #expect(delta?["delta"] == "At " && delta?["output_index"] == 0 && delta?["content_index"] == 0)
            #expect(events.first("output_text.done")?["text"] == "At seven [1].")
            let item = try #require(events.first("output_item.done")?["item"])
            #expect(item["id"] == delta?["item_id"])
            let response = try #require(events.response)
            #expect(response["status"] == "completed" && response["id"] == begun?["id"])
            #expect(response["output"]?.arrayValue == [item])
            let annotation = events.first("output_text.annotation.added")
            #expect(annotation?["annotation_index"] == 0 && annotation?["annotation"]?["type"] == "file_citation")
            let kept = try await client.json(.get, "\(TestClient.responses)/\(response["id"]?.stringValue ?? "")")
            #expect(kept == response)
        }
    }

    @Test func `an answer that cites nothing names the documents that it draws on`() async throws {
        try await TestServer.run(model: ConversingModel([.text("At seven.")])) { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            let response = try await client.respond(["model": "w", "input": "When does the harbour open?"])
            let part = response["output"]?.arrayValue?.first?["content"]?.arrayValue?.first
            #expect(part?["annotations"]?.arrayValue?.map { $0["index"] } == [9])
        }
    }

    @Test(arguments: [
        (false, ["content_part.added", "reasoning_text.delta", "reasoning_text.done", "content_part.done"]),
        (
            true,
            [
                "reasoning_summary_part.added", "reasoning_summary_text.delta", "reasoning_summary_text.done",
                "reasoning_summary_part.done",
            ]
        ),
    ]) func `what the model thinks is an item of its own`(isSummary: Bool, types: [String]) async throws {
        try await TestServer.run(model: ConversingModel([.events([.reasoning("Let me see."), .text("Hi")])])) {
            client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let reasoning: JSON = isSummary ? ["summary": "auto"] : ["effort": "low"]
            let events = try await client.streamResponse(["model": "w", "input": "x", "reasoning": reasoning])
            #expect(
                events.types == ["created", "in_progress", "output_item.added"] + types + ["output_item.done"]
                    + Self.message.filter { !$0.contains("annotation") }.unique + ["completed"])
            let item = try #require(events.response?["output"]?.arrayValue?.first)
            #expect(item["type"] == "reasoning")
            #expect(item[isSummary ? "summary" : "content"]?.arrayValue?.first?["text"] == "Let me see.")
            #expect(item[isSummary ? "content" : "summary"] == [])
        }
    }

    @Test func `calls of functions come in pieces, and their results go back`() async throws {
        let call = ToolCall(id: "c1", name: "clock", arguments: #"{"zone":"UTC"}"#)
        let model = ConversingModel([
            .events([
                .text("One moment."),
                .toolCallPiece(ToolCallPiece(index: 0, id: "c1", name: "clock", arguments: #"{"zone":"#)),
                .toolCallPiece(ToolCallPiece(index: 0, id: nil, name: nil, arguments: #""UTC"}"#)), .toolCall(call),
                .toolCall(ToolCall(id: "c2", name: "clock", arguments: "{}")),
            ]),
            .text("Noon."),
        ])
        try await TestServer.run(model: model) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let tools: JSON = [
                [
                    "type": "function", "name": "clock", "description": "Tells the time.", "strict": true,
                    "parameters": ["type": "object"],
                ]
            ]
            let events = try await client.streamResponse(["model": "w", "input": "Time?", "tools": tools])
            let steps = [
                "output_item.added", "function_call_arguments.delta", "function_call_arguments.delta",
                "output_item.added", "function_call_arguments.delta", "function_call_arguments.done",
                "output_item.done", "function_call_arguments.done", "output_item.done", "completed",
            ]
            #expect(Array(events.types.dropFirst(8)) == steps)
            #expect(events.first("function_call_arguments.done")?["arguments"] == #"{"zone":"UTC"}"#)
            let response = try #require(events.response)
            #expect(response.outputTypes == ["message", "function_call", "function_call"])
            let output = response["output"]?.arrayValue ?? []
            #expect(output[1]["call_id"] == "c1" && output[1]["name"] == "clock" && output[2]["arguments"] == "{}")
            #expect(model.prompts[0].options.tools.first?.isStrict == true)
            let results: [JSON] = ["c1", "c2"].map { id in
                ["type": "function_call_output", "call_id": .string(id), "output": "12:00"]
            }
            let next = try await client.respond([
                "model": "w", "previous_response_id": response["id"] ?? nil, "input": .array(results), "tools": tools,
            ])
            #expect(next.outputText == "Noon.")
            let messages = try #require(model.prompts.last?.messages)
            #expect(messages.map(\.role) == [.system, .user, .assistant, .tool, .tool])
            #expect(messages[2].text == "One moment." && messages[2].toolCalls.map(\.id) == ["c1", "c2"])
            // The same without what is kept here.
            let input = [["role": "user", "content": "Time?"]] + output + results
            _ = try await client.respond(["model": "w", "input": .array(input), "tools": tools])
            #expect(model.prompts.last?.messages.dropFirst() == messages.dropFirst())
            let missing = try await client.send(
                .post, TestClient.responses, ["model": "w", "input": .array(input.dropLast()), "tools": tools])
            #expect(missing.status == 400)
        }
    }

    @Test func `file_search looks into the vector stores that it names`() async throws {
        let model = ConversingModel([.text("Forty tons [1].")])
        try await TestServer.run(model: model) { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "cranes", "similarityThreshold": 0.1])
            _ = try await client.upload("The crane lifts forty tons.", named: "crane.txt", to: "cranes")
            let search: JSON = ["type": "file_search", "vector_store_ids": ["cranes"], "max_num_results": 3]
            let events = try await client.streamResponse([
                "model": "w", "input": "What does the crane lift?", "tools": [search],
                "include": ["file_search_call.results"],
            ])
            #expect(
                events.types.prefix(7) == [
                    "created", "in_progress", "output_item.added", "file_search_call.in_progress",
                    "file_search_call.searching", "file_search_call.completed", "output_item.done",
                ])
            let item = try #require(events.response?["output"]?.arrayValue?.first)
            #expect(item["type"] == "file_search_call" && item["status"] == "completed")
            #expect(item["queries"] == ["What does the crane lift?"])
            let result = try #require(item["results"]?.arrayValue?.first)
            #expect(result["filename"] == "crane.txt" && result["text"] == "The crane lifts forty tons.")
            let annotation = events.first("output_text.annotation.added")?["annotation"]
            #expect(annotation?["file_id"] == result["file_id"] && annotation?["filename"] == "crane.txt")
            #expect(!model.instruction.contains("harbour"))
            let both = try await client.respond([
                "model": "w", "input": "harbour crane",
                "tools": [["type": "file_search", "vector_store_ids": ["cranes", "w"]]],
            ])
            #expect(model.instruction.contains("harbour") && model.instruction.contains("crane"))
            #expect(both["output"]?.arrayValue?.first?["results"] == .null)
            let none = try await client.send(
                .post, TestClient.responses,
                ["model": "w", "input": "x", "tools": [["type": "file_search", "vector_store_ids": ["none"]]]])
            #expect(none.status == 404 && none.text.contains("No vector store found with id 'none'"))
        }
    }

    @Test func `what fails before the first word has a status, and what breaks off later ends as failed`() async throws
    {
        let failure = ServiceError(.upstream, "out of ink", retryAfter: 3, providerStatus: 429)
        try await TestServer.run(model: ScriptedModel([], failure: failure)) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w", "chatMode": "chat"])
            for streams in [false, true] {
                let answer = try await client.response(
                    .post, TestClient.responses, ["model": "w", "input": "x", "stream": .bool(streams)])
                #expect(answer.status == 429 && answer.headers[.retryAfter] == "3")
            }
        }
        try await TestServer.run(model: ScriptedModel(["At "], failure: failure)) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w", "chatMode": "chat"])
            let events = try await client.streamResponse(["model": "w", "input": "x"])
            #expect(events.types.last == "failed")
            let response = try #require(events.response)
            #expect(response["status"] == "failed" && response["error"]?["code"] == "server_error")
            #expect(response["error"]?["message"]?.stringValue?.contains("out of ink") == true)
            #expect(response["output"]?.arrayValue?.first?["status"] == "incomplete" && response.outputText == "At ")
        }
    }
}
