import Domain
import Foundation
import HTTPTypes
import OrderedJSON
import Testing

/// Documents that go into every prompt of their workspace.
@Suite struct PinnedDocumentTests {
    /// A workspace `w` whose only document is pinned; its path.
    private static func makeWorkspace(_ text: String, _ client: TestClient) async throws -> JSON {
        try await client.makeWorkspace(text: text)
        let path = try #require(
            try await client.json(.get, "/v1/workspace/w")["workspace"]?.arrayValue?.first?["documents"]?.arrayValue?
                .first?["docpath"])
        let (status, _) = try await client.send(
            .post, "/v1/workspace/w/update-pin", ["docPath": path, "pinStatus": true])
        #expect(status == 200)
        return path
    }

    @Test func `a pinned document is read whole, and none of its passages comes a second time`() async throws {
        let model = ConversingModel([.text("x")], supportsTools: false)
        try await TestServer.run(model: model) { client in
            _ = try await Self.makeWorkspace("The harbour opens at seven.", client)
            let added = try await client.json(
                .post, "/v1/document/raw-text",
                [
                    "textContent": "The harbour master opens the gate.", "addToWorkspaces": "w",
                    "metadata": ["title": "b"],
                ])
            #expect(added["embedding"]?.arrayValue?.first?["embedded"] == true)
            let answer = try await client.json(
                .post, "/v1/workspace/w/chat", ["message": "When does the harbour open?"])
            let instruction = model.instruction
            #expect(instruction.components(separatedBy: "The harbour opens at seven.").count == 2)
            #expect(instruction.components(separatedBy: "The harbour master opens the gate.").count == 2)
            let sources = answer["sources"]?.arrayValue ?? []
            #expect(sources.map { $0["title"] } == ["a.txt", "b.txt"])
        }
    }

    @Test func `a pinned document answers where nothing is found, until it is let go`() async throws {
        let model = ConversingModel([.text("x")], supportsTools: false)
        try await TestServer.run(model: model) { client in
            let path = try await Self.makeWorkspace("The harbour opens at seven.", client)
            let question: JSON = ["message": "Zebras graze quietly near Kilimanjaro", "mode": "query"]
            let answer = try await client.json(.post, "/v1/workspace/w/chat", question)
            #expect(answer["textResponse"] == "x")
            #expect(answer["sources"]?.arrayValue?.count == 1)
            _ = try await client.send(.post, "/v1/workspace/w/update-pin", ["docPath": path, "pinStatus": false])
            let refusal = try await client.json(.post, "/v1/workspace/w/chat", question)
            #expect(refusal["sources"] == [])
            #expect(model.prompts.count == 1)
        }
    }

    @Test func `of a pinned document that is too long the beginning is read, and the rest is found`() async throws {
        let model = ConversingModel([.text("x")], contextWindow: 2048, supportsTools: false)
        try await TestServer.run(model: model) { client in
            let filling = (0..<400).map { "Paragraph \($0) speaks of ships and ropes.\n\n" }.joined()
            _ = try await Self.makeWorkspace("The prologue.\n\n" + filling + "Zebras graze at the end.", client)
            let answer = try await client.json(
                .post, "/v1/workspace/w/chat", ["message": "Zebras graze at the end", "mode": "query"])
            #expect(answer["error"] == .null)
            #expect(model.instruction.contains("The prologue."))
            #expect(model.instruction.contains("Zebras graze at the end."))
            #expect(!model.instruction.contains("Paragraph 200 "))
            #expect(answer["warnings"]?.arrayValue?.count == 1)
        }
    }
}
