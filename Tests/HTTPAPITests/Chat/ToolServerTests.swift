import Domain
import HTTPTypes
import OrderedJSON
import Synchronization
import Testing

/// Answers for which the model uses tools that operators have configured.
@Suite struct ToolServerTests {
    @Test func `a configured tool is offered beside the workspace's own, and its call is part of the answer`()
        async throws
    {
        let model = ConversingModel([.call("clock-now", #"{"zone":"UTC"}"#), .text("It is seven.")])
        let tools = ListedTools()
        try await TestServer.run(model: model, toolServer: tools) { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            let answer = try await client.json(.post, "/v1/workspace/w/chat", ["message": "What time is it?"])
            #expect(answer["textResponse"] == "It is seven.")
            #expect(answer["thoughts"] == ["Using The time of clock."])
            let use = try #require(answer["toolCalls"]?.arrayValue?.first)
            #expect(use["name"] == "clock-now")
            #expect(use["arguments"] == ["zone": "UTC"])
            #expect(use["result"] == "07:00")
            #expect(use["isError"] == false)
            #expect(answer["warnings"] == nil)
            let offered = model.prompts.first?.options.tools.map(\.name)
            #expect(
                offered == ["search_documents", "list_documents", "read_document", "summarize_document", "clock-now"])
            #expect(tools.calls.map(\.arguments) == [#"{"zone":"UTC"}"#])
        }
    }

    @Test func `a tool that fails breaks no answer, and the model is told why`() async throws {
        let model = ConversingModel([
            .call("clock-now", "{}"), .call("clock-now", "{}"), .call("clock-gone", "{}"), .text("I do not know."),
        ])
        let tools = ListedTools([
            .failure(ServiceError(.upstream, "The MCP server clock ended.")),
            .success(ToolResult(text: "No such zone.", isError: true)),
        ])
        try await TestServer.run(model: model, toolServer: tools) { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            let answer = try await client.json(.post, "/v1/workspace/w/chat", ["message": "@agent what time is it?"])
            #expect(answer["textResponse"] == "I do not know.")
            let uses = try #require(answer["toolCalls"]?.arrayValue)
            #expect(uses.map { $0["isError"] } == [true, true, true])
            #expect(
                uses.map { $0["result"] } == [
                    "Error: The MCP server clock ended.", "Error: No such zone.",
                    "Error: there is no tool clock-gone.",
                ])
        }
    }

    @Test func `what is missing is said in the answer`() async throws {
        let model = ConversingModel([.text("Hi.")])
        let tools = ListedTools(problems: ["The MCP server files ended; its tools were not used."])
        try await TestServer.run(model: model, toolServer: tools) { client in
            try await client.makeWorkspaces("w")
            let answer = try await client.json(.post, "/v1/workspace/w/chat", ["message": "Hello"])
            #expect(answer["textResponse"] == "Hi.")
            #expect(answer["warnings"] == ["The MCP server files ended; its tools were not used."])
            let plain = try await client.json(.post, "/v1/workspace/w/chat", ["message": "Hello", "mode": "chat"])
            #expect(plain["warnings"] == nil)
            #expect(model.prompts.last?.options.tools == [])
        }
    }

    @Test func `descriptions leave the window to the question`() async throws {
        let model = ConversingModel([.text("Hi.")], contextWindow: 4096)
        let long = String(repeating: "long words ", count: 300)
        let tools = ListedTools(
            more: (0..<20).map {
                OfferedTool(
                    ToolDefinition(name: "many-\($0)", description: long, parameters: nil), title: "T", server: "many")
            })
        try await TestServer.run(model: model, toolServer: tools) { client in
            try await client.makeWorkspaces("w")
            let answer = try await client.json(.post, "/v1/workspace/w/chat", ["message": "Hello"])
            let offered = model.prompts.last?.options.tools.count ?? 0
            #expect((5..<12).contains(offered), "\(offered)")
            #expect(
                answer["warnings"] == [
                    .string("The model's window has room for \(offered - 4) of 21 tools; the others were not offered.")
                ])
        }
    }
}

/// Offers a clock, and what else the test says.
private final class ListedTools: ToolServer {
    private let more: [OfferedTool]
    private let problems: [String]
    private let state: Mutex<(results: [Result<ToolResult, ServiceError>], calls: [ToolCall])>

    init(
        _ results: [Result<ToolResult, ServiceError>] = [.success(ToolResult(text: "07:00"))], problems: [String] = [],
        more: [OfferedTool] = []
    ) {
        self.problems = problems
        self.more = more
        state = Mutex((results, []))
    }

    var calls: [ToolCall] { state.withLock { $0.calls } }

    func offer() async -> ToolOffer {
        let schema = #"{"type":"object","properties":{"zone":{"type":"string"}}}"#
        let clock = OfferedTool(
            ToolDefinition(name: "clock-now", description: "Tells the time.", parameters: .schema(schema)),
            title: "The time", server: "clock")
        return ToolOffer(tools: [clock] + more, problems: problems)
    }

    func call(_ call: ToolCall) async throws -> ToolResult {
        try state.withLock { state in
            state.calls.append(call)
            return try (state.results.count > 1 ? state.results.removeFirst() : state.results[0]).get()
        }
    }

    func run() async {}
}
