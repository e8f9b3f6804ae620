import Domain
import HTTPAPI
import HTTPTypes
import OrderedJSON
import Persistence
import Testing

@Suite struct PinRoutesTests {
    @Test func `a document is pinned and let go`() async throws {
        try await TestServer.run { client in
            let path = try await Self.makeDocument(client)
            for (status, isPinned) in [
                (true, true), (false, false), ("true", true), (nil, false), (1, true), ("0", false),
            ] as [(JSON, JSON)] {
                let answer = try await client.send(
                    .post, "/v1/workspace/w/update-pin", ["docPath": path, "pinStatus": status])
                #expect(answer.status == 200)
                #expect(answer.text == #"{"message":"Pin status updated successfully"}"#)
                let pins = try await Self.pins(client)
                #expect(pins == [isPinned, false])
                let pinned = try await client.server.memberships.pinned(in: 1).map(\.document.path.text)
                #expect(pinned == (isPinned == true ? [path.stringValue ?? ""] : []))
            }
            _ = try await client.json(.post, "/v1/workspace/w/update-pin", ["docPath": path, "pinStatus": true])
            let absent = try await client.send(.post, "/v1/workspace/w/update-pin", ["docPath": path])
            #expect(absent.status == 200)
            let pins = try await Self.pins(client)
            #expect(pins == [false, false])
        }
    }

    @Test func `what cannot be pinned is refused, and no other document is touched`() async throws {
        try await TestServer.run { client in
            let path = try await Self.makeDocument(client)
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "other"])
            for (slug, body, status) in [
                ("w", ["pinStatus": true], 400), ("w", ["docPath": "", "pinStatus": true], 400),
                ("w", ["docPath": nil, "pinStatus": true], 400), ("w", ["docPath": 7, "pinStatus": true], 400),
                ("w", ["docPath": ["not": ""], "pinStatus": true], 400),
                ("w", ["docPath": path, "pinStatus": "maybe"], 400), ("w", ["docPath": path, "pinStatus": 2], 400),
                ("w", ["docPath": path, "pinStatus": ["set": true]], 400),
                ("w", ["docPath": "custom-documents/no.json", "pinStatus": true], 404),
                ("w", ["docPath": "../../etc/passwd", "pinStatus": true], 404),
                ("w", ["docPath": "%", "pinStatus": true], 404),
                ("other", ["docPath": path, "pinStatus": true], 404),
                ("nowhere", ["docPath": path, "pinStatus": true], 404),
            ] as [(String, JSON, Int)] {
                let answer = try await client.send(.post, "/v1/workspace/\(slug)/update-pin", body)
                #expect(answer.status == status, "\(slug) \(body.text)")
                let reason = try JSON(parsing: answer.text)
                #expect(reason["message"] == reason["error"] && reason["message"] != nil)
            }
            let pins = try await Self.pins(client)
            #expect(pins == [false, false])
        }
    }

    @Test func `a document's beginning is cut in front of a character, and says whether it is all`() async throws {
        try await TestServer.run { client in
            let text = "ab👩‍👩‍👧‍👦cd"
            try await client.makeWorkspace(text: text)
            let documents = client.server.documents
            let member = try await client.server.memberships.all(in: 1).first
            let content = try #require(member?.document.contentID)
            for (limit, expected, isWhole) in [
                (0, "", false), (1, "a", false), (2, "ab", false), (3, "ab", false), (12, "ab", false),
                (13, "ab👩‍👩‍👧‍👦", false), (14, "ab👩‍👩‍👧‍👦c", false), (15, text, true), (1000, text, true), (-1, "", false),
            ] {
                let beginning = try await documents.beginning(of: content, limit: limit)
                #expect(beginning?.text == expected)
                #expect(beginning?.isWhole == isWhole)
            }
            let none = try await documents.beginning(of: 99, limit: 10)
            #expect(none == nil)
        }
    }

    /// The path of the first of two documents in the workspace `w`.
    private static func makeDocument(_ client: TestClient) async throws -> JSON {
        _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
        let first = try await client.upload("The harbour opens at seven.", named: "a.txt")
        _ = try await client.upload("The market opens at nine.", named: "b.txt")
        return try #require(first["documents"]?.arrayValue?.first?["location"])
    }

    private static func pins(_ client: TestClient) async throws -> [JSON?]? {
        try await client.json(.get, "/v1/workspace/w")["workspace"]?.arrayValue?.first?["documents"]?.arrayValue?
            .map { $0["pinned"] }
    }
}
