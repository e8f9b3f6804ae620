import Domain
import Engine
import HTTPAPI
import HTTPTypes
import OrderedJSON
import Persistence
import Testing

@Suite struct RecordedCallerTests {
    @Test func `events, chats, documents and jobs say who called`() async throws {
        try await TestServer.run { client in
            let database = client.server.database
            let named = try await client.server.services.access.keys.create(
                APIKeyStore.NewKey(name: "importer"), by: .system)
            let importer = TestClient(client: client.client, server: client.server, key: named.key)
            try await importer.makeWorkspace(text: "The harbour opens at seven.")
            let thread =
                try await importer.json(.post, "/v1/workspace/w/thread/new")["thread"]?["slug"]?.stringValue ?? ""
            _ = try await importer.json(.post, "/v1/workspace/w/thread/\(thread)/update", ["name": "Talk"])
            _ = try await importer.send(.delete, "/v1/workspace/w/thread/\(thread)")
            _ = try await importer.json(.post, "/v1/workspace/w/update", ["openAiTemp": 0.1])
            let paths = try await database.read("SELECT folder, name FROM document") { row in
                "\(try row.get("folder", as: String.self))/\(try row.get("name", as: String.self))"
            }
            for isPinned in [true, false] {
                _ = try await importer.json(
                    .post, "/v1/workspace/w/update-pin",
                    ["docPath": .string(paths.first ?? ""), "pinStatus": .bool(isPinned)])
            }
            _ = try await importer.json(.post, "/v1/workspace/w/chat", ["message": "When?"])
            _ = try await importer.upload("More.", named: "more.txt")
            _ = try await importer.json(.post, "/v1/system/update-env", ["LLMProvider": "generic-openai"])
            _ = try await importer.send(.delete, "/v1/workspace/w")
            for table in ["event", "document"] {
                let callers = try await database.read(
                    SQL(stringLiteral: "SELECT * FROM \(table) WHERE caller_kind <> 'system'")
                ) { row in
                    "\(try row.get("caller_kind", as: String?.self) ?? "") "
                        + "\(try row.get("caller_id", as: Int64?.self) ?? 0) "
                        + "\(try row.get("caller_name", as: String?.self) ?? "")"
                }
                #expect(!callers.isEmpty)
                #expect(callers.allSatisfy { $0 == "key 2 importer" }, "\(table): \(callers)")
            }
            let events = try await database.read("SELECT name FROM event WHERE caller_kind = 'key' ORDER BY id") {
                try $0.get("name", as: String.self)
            }
            #expect(
                events == [
                    "api_workspace_created", "api_raw_document_uploaded", "workspace_documents_added",
                    "api_workspace_thread_created", "api_workspace_thread_updated", "api_workspace_thread_deleted",
                    "api_workspace_updated", "workspace_document_pinned", "workspace_document_unpinned",
                    "api_sent_chat", "api_document_uploaded", "workspace_documents_added", "update_llm_provider",
                    "update_settings",
                    "api_workspace_deleted",
                ])
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
