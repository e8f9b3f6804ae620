import Domain
import Engine
import HTTPAPI
import HTTPTypes
import Persistence
import Testing

@Suite struct RecordedCallerTests {
    @Test func `events, chats, documents and jobs say who called`() async throws {
        try await TestServer.run { client in
            let database = client.server.database
            let named = try await client.server.services.administration.keys.create(name: "importer")
            let importer = TestClient(client: client.client, server: client.server, key: named.key)
            try await importer.makeWorkspace(text: "The harbour opens at seven.")
            _ = try await importer.json(.post, "/v1/workspace/w/thread/new")
            _ = try await importer.json(.post, "/v1/workspace/w/chat", ["message": "When?"])
            _ = try await importer.upload("More.", named: "more.txt")
            _ = try await importer.json(.post, "/v1/system/update-env", ["LLMProvider": "generic-openai"])
            _ = try await importer.send(.delete, "/v1/workspace/w")
            for table in ["event", "document"] {
                let callers = try await database.read(SQL(stringLiteral: "SELECT * FROM \(table)")) { row in
                    "\(try row.get("caller_kind", as: String?.self) ?? "") "
                        + "\(try row.get("caller_id", as: Int64?.self) ?? 0) "
                        + "\(try row.get("caller_name", as: String?.self) ?? "")"
                }
                #expect(!callers.isEmpty)
                #expect(callers.allSatisfy { $0 == "key 2 importer" }, "\(table): \(callers)")
            }
            let jobs = try await database.read("SELECT * FROM job") { try $0.get("caller", as: Caller.self) }
            #expect(!jobs.isEmpty)
            #expect(jobs.allSatisfy { $0 == .key(.init(id: 2, name: "importer")) })
        }
    }

    @Test func `a chat says who asked`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            _ = try await client.json(.post, "/v1/workspace/w/chat", ["message": "x", "mode": "chat"])
            let callers = try await client.server.database.read("SELECT * FROM chat") { row in
                "\(try row.get("caller_kind", as: String.self)) \(try row.get("caller_id", as: Int64.self))"
            }
            #expect(callers == ["key 1"])
        }
    }
}
