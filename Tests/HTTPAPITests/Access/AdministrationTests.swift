import Domain
import Engine
import Foundation
import HTTPTypes
import OrderedJSON
import Persistence
import ServerAssembly
import Testing

/// Preferences, exports, the environment file, and the removal of documents.
@Suite struct AdministrationTests {
    @Test func `preferences are stored, refused by name, and never shown where they are secret`() async throws {
        try await TestServer.run { client in
            let answer = try await client.json(
                .post, "/v1/admin/preferences",
                [
                    "custom_app_name": "Ours", "meta_page_favicon": "nowhere", "hub_api_key": "canary-secret",
                    "agent_clarifying_questions_max_per_turn": "7", "text_splitter_chunk_size": "many",
                    "disabled_agent_skills": ["a", "b"], "nonsense": 1, "multi_user_mode": true,
                    "footer_data": [["icon": "x", "url": "javascript:alert(1)"]], "agent_sql_connections": "garbage",
                    "gmail_agent_config": ["apiKey": ["canary"]], "logo_filename": "../x",
                ])
            #expect(answer["success"] == true)
            #expect(
                answer["rejected"]?.objectValue?.keys == [
                    "meta_page_favicon", "text_splitter_chunk_size", "footer_data", "agent_sql_connections",
                    "gmail_agent_config", "logo_filename",
                ])
            #expect(answer["unknownKeys"] == ["nonsense", "multi_user_mode"])
            let shown = try await client.send(.get, "/v1/admin/preferences")
            #expect(!shown.text.contains("canary"))
            let preferences = try JSON(parsing: shown.text)["preferences"]
            #expect(preferences?["custom_app_name"] == "Ours")
            #expect(preferences?["disabled_agent_skills"] == "a,b")
            let stored = try await client.server.database.read("SELECT value FROM preference") {
                try $0.get("value", as: String.self)
            }
            #expect(!stored.contains { $0.contains("canary") })
            let system = try await client.json(.get, "/v1/system")["settings"]
            #expect(system?["AgentClarifyingQuestionsMaxPerTurn"] == 7)
        }
    }

    @Test(arguments: [("2.7", 2), ("50", 10), ("10", 10), ("0.5", nil), ("0", nil), ("many", nil)] as [(String, Int?)])
    func `how many questions an agent may ask is cut to what there may be`(sent: String, stored: Int?) async throws {
        try await TestServer.run { client in
            let name = "agent_clarifying_questions_max_per_turn"
            let answer = try await client.json(.post, "/v1/admin/preferences", ["\(name)": .string(sent)])
            #expect((answer["rejected"]?[name] == nil) == (stored != nil))
            let system = try await client.json(.get, "/v1/system")["settings"]
            #expect(system?["AgentClarifyingQuestionsMaxPerTurn"] == JSON(stored ?? 3))
        }
    }

    @Test func `A17 a manager changes what is for managers alone, and a user nothing`() async throws {
        try await TestServer.run { client in
            try await client.turnOnMultiUserMode()
            try await client.makeUser("max", role: "manager")
            try await client.makeUser("ann")
            let (max, ann) = (try await client.asUser("max"), try await client.asUser("ann"))
            for preference in Preference.all {
                let values: [String: JSON] = ["meta_page_favicon": "https://x.test", "footer_data": []]
                let value: JSON = ["\(preference.name)": values[preference.name] ?? "5"]
                let answer = try await max.json(.post, "/v1/admin/preferences", value)
                let isRefused = answer["rejected"]?[preference.name] == "needs the role admin"
                let isForManagers = [
                    "custom_app_name", "footer_data", "support_email", "meta_page_title", "meta_page_favicon",
                ].contains(preference.name)
                #expect(isRefused != isForManagers, "\(preference.name): \(answer)")
                let users = try await ann.send(.post, "/v1/admin/preferences", value)
                #expect(users.status == 403)
            }
        }
    }

    @Test func `A55 another chunk size cuts everything again while the old chunks serve`() async throws {
        try await TestServer.run { client in
            let text = (1...40).map { "Sentence number \($0) speaks of otters and rivers." }.joined(separator: " ")
            try await client.makeWorkspace(text: text)
            let before = try await client.json(.get, "/v1/system/vector-count")["vectorCount"]?.integerValue ?? 0
            let changed = try await client.json(
                .post, "/v1/admin/preferences",
                ["text_splitter_chunk_size": 200, "text_splitter_chunk_overlap": 0])
            #expect(changed["reembedding"] == true)
            let search: JSON = ["query": "otters", "topN": 50, "scoreThreshold": 0]
            let found = try await client.json(.post, "/v1/workspace/w/vector-search", search)["results"]
            #expect(found?.arrayValue?.isEmpty == false)
            try await client.finishJobs()
            let after = try await client.json(.get, "/v1/system/vector-count")["vectorCount"]?.integerValue ?? 0
            #expect(after > 2 * before)
            let chunks = try await client.json(.post, "/v1/workspace/w/vector-search", search)["results"]
            #expect(
                chunks?.arrayValue?.allSatisfy { ($0["chunk"]?.stringValue?.utf16.count ?? 999) <= 200 } == true)
            let same = try await client.json(.post, "/v1/admin/preferences", ["text_splitter_chunk_size": 200])
            #expect(same["reembedding"] == false)
        }
    }

    @Test func `the default instruction holds for workspaces without one`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/admin/preferences", ["default_system_prompt": " Be brief. "])
            let made = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            #expect(made["workspace"]?["openAiPrompt"] == "Be brief.")
        }
    }

    @Test func `A34 exports hold every chat in the form that was asked for`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            for (format, empty) in [
                ("json", "[]"), ("jsonAlpaca", "[]"), ("jsonl", ""),
                ("csv", "id,workspace,prompt,response,sent_at,username,rating"),
            ] {
                let answer = try await client.send(.get, "/v1/system/export-chats?type=\(format)")
                #expect(answer.status == 200 && answer.text == empty, "\(format)")
            }
            try await client.store("=1+1", answer: "two\nlines, \"quoted\"")
            try await client.store("again", answer: "yes", session: "s")
            let csv = try await client.send(.get, "/v1/system/export-chats?type=csv").text.split(separator: "\n")
            #expect(csv.count == 3)
            #expect(csv[1].hasPrefix(#""1","w","'=1+1","two lines, ""quoted""","#))
            #expect(csv[2].hasSuffix(#""API","--""#))
            let json = try await client.json(.get, "/v1/system/export-chats?type=json").arrayValue
            #expect(json?.map { $0["prompt"] } == ["=1+1", "again"])
            let lines = try await client.send(.get, "/v1/system/export-chats").text.split(separator: "\n")
            #expect(lines.count == 2)
            for line in lines {
                let roles = try JSON(parsing: String(line))["messages"]?.arrayValue?.map { $0["role"] }
                #expect(roles == ["system", "user", "assistant"])
            }
            let alpaca = try await client.json(.get, "/v1/system/export-chats?type=jsonAlpaca").arrayValue
            #expect(alpaca?.first?["output"] == "two\nlines, \"quoted\"")
            let wrong = try await client.send(.get, "/v1/system/export-chats?type=xml")
            #expect(wrong.status == 400)
            #expect(wrong.text.contains("Invalid export type: xml. Must be one of json, csv, jsonl, jsonAlpaca"))
            let rows = try await client.json(.post, "/v1/admin/workspace-chats", [:])
            #expect(rows["chats"]?.arrayValue?.map { $0["id"] } == [2, 1] && rows["hasPages"] == false)
        }
    }

    @Test func `what operators hide is neither listed nor exported`() async throws {
        try await TestServer.run(environment: ["DISABLE_VIEW_CHAT_HISTORY": "1"]) { client in
            let export = try await client.send(.get, "/v1/system/export-chats")
            let list = try await client.send(.post, "/v1/admin/workspace-chats", [:])
            #expect(export.status == 422 && list.status == 422)
        }
    }

    @Test func `A32 the environment file is read back as it was written, and keeps what it does not know`() async throws
    {
        let secret = #"sk-with 'every' "kind" of #sign `and` \n"#
        try await TestServer.run(environment: ["GENERIC_OPEN_AI_API_KEY": secret, "JWT_EXPIRY": "12h"]) { client in
            let path = client.server.storage.path + "/" + EnvironmentDump.fileName
            try "# mine\nOTHER='kept'\nJWT_EXPIRY=old\n".write(toFile: path, atomically: true, encoding: .utf8)
            let answer = try await client.send(.get, "/v1/system/env-dump")
            #expect(answer.status == 200 && answer.text == "OK")
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text.hasPrefix("# mine\nOTHER='kept'\n"))
            let values = DotEnvFile(text).values
            #expect(values["GENERIC_OPEN_AI_API_KEY"] == secret)
            #expect(values["JWT_EXPIRY"] == "12h" && values["OTHER"] == "kept")
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test func `A2 documents are removed from everywhere, or none of them`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            let uploaded = try await client.upload("otters live in rivers", named: "a.txt")
            let path = try #require(uploaded["documents"]?.arrayValue?.first?["location"]?.stringValue)
            for names in [["names": "x"], [:], ["names": [.string(path), 5]], ["names": [.string(path), "../x"]]]
                as [JSON]
            {
                let refused = try await client.send(.delete, "/v1/system/remove-documents", names)
                #expect(refused.status == 400, "\(names)")
            }
            let kept = try await client.json(.get, "/v1/workspace/w")["workspace"]?.arrayValue?.first?["documents"]
            #expect(kept?.arrayValue?.count == 1)
            let removed = try await client.json(
                .delete, "/v1/system/remove-documents", ["names": [.string(path), "custom-documents/none.json"]])
            #expect(
                removed == [
                    "success": true, "message": "Documents removed successfully",
                    "removed": [.string(path)], "notFound": ["custom-documents/none.json"],
                    "workspaces": [["workspace": "w", "documents": 1]],
                ])
            let count = try await client.json(.get, "/v1/system/vector-count")
            #expect(count == ["vectorCount": 0])
            let listing = try await client.send(.get, "/v1/documents").text
            #expect(!listing.contains("a.txt"))
        }
    }
}
