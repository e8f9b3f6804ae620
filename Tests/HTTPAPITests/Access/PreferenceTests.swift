import Domain
import HTTPTypes
import OrderedJSON
import Persistence
import Testing

/// Preferences that are merged into what is stored, what is said of those without effect, and what pages read of them.
@Suite struct PreferenceTests {
    private static func set(_ client: TestClient, _ body: JSON) async throws -> JSON {
        try await client.json(.post, "/v1/admin/preferences", body)
    }

    private static func preferences(_ client: TestClient) async throws -> JSON? {
        try await client.json(.get, "/v1/admin/preferences")["preferences"]
    }

    @Test func `fields are merged, secrets stay where a mask comes back, and none is shown`() async throws {
        try await TestServer.run { client in
            _ = try await Self.set(
                client, ["gmail_agent_config": ["deploymentId": "d1", "apiKey": "canary-1", "extra": "x"]])
            let read = try await Self.preferences(client)?["gmail_agent_config"]
            #expect(read == ["deploymentId": "d1", "apiKey": "********"])
            let unknown = try await Self.set(client, ["gmail_agent_config": #"{"deploymentId":"d2","apiKey":"***"}"#])
            #expect(unknown["rejected"] == [:])
            let shown = try await client.send(.get, "/v1/admin/preferences").text
            #expect(shown.contains("d2") && !shown.contains("canary"))
            let sealed = try await client.server.database.read("SELECT value FROM preference") {
                try $0.get("value", as: String.self)
            }
            #expect(!sealed.contains { $0.contains("canary") || $0.contains("d2") })
            let answer = try await Self.set(
                client,
                [
                    "outlook_agent_config": [
                        "clientId": "c", "clientSecret": "canary-2", "tokenExpiry": 1_767_323_045, "authType": "x",
                    ]
                ])
            #expect(answer["warnings"]?.arrayValue?.first == "outlook_agent_config has no authType.")
            _ = try await Self.set(client, ["outlook_agent_config": ["clientId": .null, "tenantId": "t"]])
            let outlook = try await Self.preferences(client)?["outlook_agent_config"]
            #expect(outlook == ["tenantId": "t", "clientSecret": "********", "tokenExpiry": 1_767_323_045])
            for value in [.null, "", false] as [JSON] {
                _ = try await Self.set(client, ["google_calendar_agent_config": ["deploymentId": "d"]])
                _ = try await Self.set(client, ["google_calendar_agent_config": value])
                let cleared = try await Self.preferences(client)
                #expect(cleared?["google_calendar_agent_config"] == nil, "\(value)")
            }
        }
    }

    @Test(
        arguments: [
            ["apiKey": 5], ["apiKey": ["a"]], "text", [["apiKey": "x"]], true, 7,
        ] as [JSON])
    func `a configuration of another shape is refused and changes nothing`(value: JSON) async throws {
        try await TestServer.run { client in
            _ = try await Self.set(client, ["gmail_agent_config": ["deploymentId": "d1"]])
            let answer = try await Self.set(client, ["gmail_agent_config": value])
            #expect(answer["rejected"]?.objectValue?.keys == ["gmail_agent_config"])
            let kept = try await Self.preferences(client)?["gmail_agent_config"]
            #expect(kept == ["deploymentId": "d1"])
        }
    }

    @Test func `what two change at once stays`() async throws {
        try await TestServer.run { client in
            let fields = ["clientId", "tenantId", "clientSecret", "accessToken", "refreshToken"]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for field in fields {
                    group.addTask { _ = try await Self.set(client, ["outlook_agent_config": ["\(field)": "x"]]) }
                }
                try await group.waitForAll()
            }
            let merged = try await Self.preferences(client)?["outlook_agent_config"]
            #expect(merged?.objectValue?.keys == fields)
        }
    }

    @Test func `connections are added, changed and removed one by one`() async throws {
        try await TestServer.run { client in
            let added = try await Self.set(
                client,
                [
                    "agent_sql_connections": [
                        [
                            "action": "add", "database_id": "sales", "engine": "postgresql",
                            "connectionString": "postgres://u:canary@h/sales", "schema": "public",
                        ],
                        [
                            "action": "add", "database_id": "old", "engine": "mysql",
                            "connectionString": "mysql://u:canary@h/old",
                        ],
                    ]
                ])
            #expect(added["rejected"] == [:])
            let shown = try await Self.preferences(client)?["agent_sql_connections"]
            #expect(
                shown == [
                    [
                        "database_id": "sales", "engine": "postgresql", "connectionString": "********",
                        "schema": "public",
                    ], ["database_id": "old", "engine": "mysql", "connectionString": "********"],
                ])
            // What was read may be sent back.
            let same = try await Self.set(client, ["agent_sql_connections": shown ?? .null])
            #expect(same["rejected"] == [:])
            let text = """
                [{"action": "update", "originalDatabaseId": "sales", "database_id": "shop", "engine": "postgresql",
                "connectionString": "***"}, {"action": "remove", "database_id": "old"}]
                """
            let changed = try await Self.set(client, ["agent_sql_connections": .string(text)])
            #expect(changed["rejected"] == [:])
            let after = try await Self.preferences(client)?["agent_sql_connections"]?.arrayValue
            #expect(after?.map { $0["database_id"] } == ["shop"] && after?.first?["schema"] == "public")
            let named = try await Self.set(
                client,
                [
                    "agent_sql_connections": [
                        [
                            "action": "update", "originalDatabaseId": "shop", "database_id": "My Shop & Co",
                            "engine": "postgresql",
                        ]
                    ]
                ])
            #expect(named["rejected"] == [:])
            let slugs = try await Self.preferences(client)?["agent_sql_connections"]?.arrayValue
            #expect(slugs?.map { $0["database_id"] } == ["My-Shop-and-Co"])
            _ = try await Self.set(
                client,
                [
                    "agent_sql_connections": [
                        [
                            "action": "update", "originalDatabaseId": "My Shop & Co", "database_id": "shop",
                            "engine": "e",
                        ]
                    ]
                ])
            for (entry, reason) in [
                (
                    ["action": "add", "database_id": "shop", "engine": "e", "connectionString": "c"],
                    "there are two of shop"
                ),
                (["action": "add", "database_id": "x", "engine": "e"], "x needs an engine and a connectionString"),
                (
                    ["action": "add", "database_id": "x", "engine": "e", "connectionString": "****"],
                    "x needs an engine and a connectionString"
                ),
                (["action": "update", "database_id": "none"], "there is no none to update"),
                (["action": "drop", "database_id": "shop"], "drop is no action: add, update or remove"),
                (["database_id": "none"], "none has no action: add, update or remove"),
                (["action": "add"], "an entry has no database_id"),
            ] as [(JSON, String)] {
                let answer = try await Self.set(
                    client,
                    [
                        "agent_sql_connections": [
                            ["action": "update", "database_id": "shop", "schema": "other"], entry,
                        ]
                    ])
                #expect(answer["rejected"]?["agent_sql_connections"] == .string(reason))
            }
            let unchanged = try await Self.preferences(client)?["agent_sql_connections"]?.arrayValue
            #expect(unchanged?.count == 1 && unchanged?.first?["schema"] == "public")
        }
    }

    @Test func `fractions and wrong types are named, and the rest is stored`() async throws {
        try await TestServer.run { client in
            let answer = try await Self.set(
                client,
                [
                    "agent_clarifying_questions_max_per_turn": 0.5, "text_splitter_chunk_overlap": "1.5",
                    "text_splitter_chunk_size": .bool(true), "support_email": 5, "memory_enabled": "perhaps",
                    "disabled_agent_skills": ["a": 1], "agent_search_provider": "none", "custom_app_name": "Ours",
                ])
            #expect(
                answer["rejected"]?.objectValue?.keys == [
                    "agent_clarifying_questions_max_per_turn", "text_splitter_chunk_overlap",
                    "text_splitter_chunk_size", "support_email", "memory_enabled", "disabled_agent_skills",
                ])
            let kept = try await Self.preferences(client)
            #expect(kept == ["custom_app_name": "Ours"])
        }
    }

    @Test func `what has no effect is said, and nothing is said of what has`() async throws {
        try await TestServer.run { client in
            let answer = try await Self.set(
                client,
                [
                    "support_email": "a@example.org", "default_system_prompt": "Be brief.", "memory_enabled": true,
                    "text_splitter_chunk_overlap": 10, "footer_data": .null,
                ])
            #expect(
                answer["warnings"] == [
                    "support_email is stored, but this version does nothing with it.",
                    "memory_enabled is stored and reported, but this version does nothing with it.",
                ])
        }
    }

    @Test func `pages read the preferences that they name, and managers those that are theirs`() async throws {
        try await TestServer.run { client in
            try await client.turnOnMultiUserMode()
            try await client.makeUser("max", role: "manager")
            try await client.makeUser("ann")
            let (root, max, ann) = (
                try await client.asUser("root"), try await client.asUser("max"), try await client.asUser("ann")
            )
            let changed = try await root.json(
                .post, "/admin/system-preferences",
                [
                    "custom_app_name": "Ours", "disabled_agent_skills": "a, b", "hub_api_key": "canary",
                    "gmail_agent_config": ["apiKey": "canary"],
                ])
            #expect(changed["success"] == true && changed["rejected"] == [:])
            let path =
                "/admin/system-preferences-for?labels="
                + "custom_app_name,disabled_agent_skills,hub_api_key,gmail_agent_config,support_email,nonsense"
            let all = try await root.json(.get, path)
            #expect(
                all == [
                    "settings": [
                        "custom_app_name": "Ours", "disabled_agent_skills": ["a", "b"],
                        "gmail_agent_config": ["apiKey": "********"], "support_email": .null,
                    ]
                ])
            let some = try await max.json(.get, path)
            #expect(some == ["settings": ["custom_app_name": "Ours", "support_email": .null]])
            let none = try await root.json(.get, "/admin/system-preferences-for")
            #expect(none == ["settings": [:]])
            let refused = try await ann.send(.get, path)
            #expect(refused.status == 401)
            let manager = try await max.json(
                .post, "/admin/system-preferences", ["custom_app_name": "Theirs", "default_system_prompt": "x"])
            #expect(manager["rejected"] == ["default_system_prompt": "needs the role admin"])
            let name = try await max.json(.get, "/admin/system-preferences-for?labels=custom_app_name")
            #expect(name == ["settings": ["custom_app_name": "Theirs"]])
        }
    }
}
