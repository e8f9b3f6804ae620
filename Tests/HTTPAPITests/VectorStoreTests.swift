import Domain
import HTTPTypes
import OrderedJSON
import Testing

@Suite struct VectorStoreTests {
    private func list(_ client: TestClient, _ query: String = "") async throws -> (ids: [String], hasMore: JSON?) {
        let answer = try await client.json(.get, "/v1/openai/vector_stores" + query)
        let ids = (answer["data"]?.arrayValue ?? []).compactMap { $0["id"]?.stringValue }
        #expect(answer["object"] == "list")
        #expect(answer["first_id"]?.stringValue == ids.first && answer["last_id"]?.stringValue == ids.last)
        return (ids, answer["has_more"])
    }

    @Test func `workspaces are vector stores, a page at a time`() async throws {
        try await TestServer.run { client in
            let empty = try await client.send(.get, "/v1/openai/vector_stores").text
            #expect(empty == #"{"object":"list","data":[],"has_more":false}"#)
            for name in ["a", "b", "c", "d", "e"] {
                _ = try await client.json(.post, "/v1/workspace/new", ["name": .string(name)])
            }
            let cases: [(String, [String], JSON)] = [
                ("", ["a", "b", "c", "d", "e"], false), ("?limit=2", ["a", "b"], true),
                ("?limit=2&after=b", ["c", "d"], true), ("?limit=2&after=d", ["e"], false),
                ("?limit=5", ["a", "b", "c", "d", "e"], false), ("?order=desc&limit=2", ["e", "d"], true),
                ("?order=desc&after=b", ["a"], false), ("?before=d&limit=2", ["b", "c"], true),
                ("?before=c", ["a", "b"], false), ("?after=a&before=d", ["b", "c"], false), ("?after=e", [], false),
            ]
            for (query, ids, hasMore) in cases {
                let page = try await list(client, query)
                #expect(page.ids == ids, "\(query)")
                #expect(page.hasMore == hasMore, "\(query)")
            }
            for query in ["?limit=0", "?limit=101", "?limit=x", "?after=nobody", "?before=nobody", "?order=up"] {
                let (status, text) = try await client.send(.get, "/v1/openai/vector_stores" + query)
                let error = try JSON(parsing: text)["error"]
                #expect(status == 400)
                #expect(error?["type"] == "invalid_request_error" && error?["param"]?.stringValue != nil)
            }
        }
    }

    @Test func `a vector store tells its documents and whose vectors they are`() async throws {
        try await TestServer.run { client in
            try await VectorSearchTests.fill(client)
            let store = try await client.json(.get, "/v1/openai/vector_stores/w")
            #expect(store["object"] == "vector_store" && store["status"] == "completed" && store["name"] == "w")
            #expect(store["provider"] == "lancedb")
            #expect(store["file_counts"]?["total"] == 4 && store["file_counts"]?["completed"] == 4)
            let vectors = try await client.json(.get, "/v1/system/vector-count")["vectorCount"]?.integerValue ?? 0
            let embeddings = try await client.json(.post, "/v1/openai/embeddings", ["input": "x"])
            let dimensions = embeddings["data"]?.arrayValue?.first?["embedding"]?.arrayValue?.count ?? 0
            #expect(vectors > 4 && dimensions > 0)
            #expect(store["usage_bytes"]?.integerValue == vectors * Int64(dimensions) * 4)
            let files = try await client.json(.get, "/v1/openai/vector_stores/w/files?limit=3")
            #expect(files["data"]?.arrayValue?.map { $0["filename"] } == ["hours.txt", "evening.txt", "people.txt"])
            #expect(files["has_more"] == true)
            #expect(files["data"]?.arrayValue?.first?["attributes"]?["metadata.team"] == "port")
            let first = try #require(files["data"]?.arrayValue?.first)
            let id = try #require(first["id"]?.stringValue)
            let file = try await client.json(.get, "/v1/openai/vector_stores/w/files/" + id)
            #expect(file == first)
            for (status, count) in [("completed", 4), ("failed", 0)] {
                let some = try await client.json(.get, "/v1/openai/vector_stores/w/files?filter=" + status)
                #expect(some["data"]?.arrayValue?.count == count)
            }
            let unknown = try await client.send(.get, "/v1/openai/vector_stores/w/files?filter=lost")
            #expect(unknown.status == 400)
            let missing = try await client.send(.get, "/v1/openai/vector_stores/w/files/none")
            #expect(missing.status == 404 && missing.text.contains("No file found with id 'none'"))
            for path in ["/v1/openai/vector_stores/none", "/v1/openai/vector_stores/none/files"] {
                let (status, text) = try await client.send(.get, path)
                #expect(status == 404)
                #expect(try JSON(parsing: text)["error"]?["message"] == "No vector store found with id 'none'.")
            }
        }
    }

    @Test func `a search has OpenAI's shape, its filters and its pages`() async throws {
        try await TestServer.run { client in
            try await VectorSearchTests.fill(client)
            let path = "/v1/openai/vector_stores/w/search"
            let filters: JSON = ["type": "eq", "key": "metadata.team", "value": "port"]
            let answer = try await client.json(
                .post, path, ["query": "harbour", "filters": filters, "max_num_results": 1, "rewrite_query": true])
            #expect(answer["object"] == "vector_store.search_results.page")
            #expect(answer["search_query"] == ["harbour"])
            #expect(answer["has_more"] == true && answer["next_page"]?.stringValue != nil)
            let first = try #require(answer["data"]?.arrayValue?.first)
            #expect(first["content"]?.arrayValue?.first?["type"] == "text")
            #expect(first["attributes"]?["metadata.team"] == "port")
            let next = try await client.json(
                .post, path,
                ["query": "harbour", "filters": filters, "max_num_results": 1, "page": answer["next_page"] ?? nil])
            #expect(next["has_more"] == false && next["next_page"] == .null)
            let names = [first, try #require(next["data"]?.arrayValue?.first)].map { $0["filename"]?.stringValue }
            #expect(Set(names) == ["hours.txt", "evening.txt"])
        }
    }

    @Test func `several texts find the best of all of them, each chunk once`() async throws {
        try await TestServer.run { client in
            try await VectorSearchTests.fill(client)
            let path = "/v1/openai/vector_stores/w/search"
            let answer = try await client.json(
                .post, path,
                ["query": ["The harbour opens at seven.", "The harbour closes at nine."], "max_num_results": 4])
            let results = answer["data"]?.arrayValue ?? []
            #expect(Set(results.prefix(2).map { $0["filename"]?.stringValue }) == ["hours.txt", "evening.txt"])
            #expect(Set(results.map { $0["id"]?.stringValue }).count == 4)
            let scores = results.compactMap { $0["score"]?.doubleValue }
            #expect(scores == scores.sorted(by: >))
        }
    }

    @Test func `what a search cannot mean is refused in OpenAI's shape`() async throws {
        try await TestServer.run { client in
            try await VectorSearchTests.fill(client)
            let path = "/v1/openai/vector_stores/w/search"
            for (body, parameter) in [
                ([:], "query"), (["query": ""], "query"), (["query": []], "query"), (["query": ["a", 1]], "query"),
                (["query": "x", "max_num_results": 0], "max_num_results"),
                (["query": "x", "max_num_results": 51], "max_num_results"),
                (["query": "x", "filters": ["type": "eq", "key": "titel", "value": "x"]], "filters"),
                (["query": "x", "ranking_options": ["ranker": "best"]], "ranking_options.ranker"),
                (["query": "x", "ranking_options": ["score_threshold": 2]], "ranking_options.score_threshold"),
                (["query": "x", "rewrite_query": "yes"], "rewrite_query"), (["query": "x", "page": "y"], "page"),
                (["query": "x", "page": "-1"], "page"),
            ] as [(JSON, String)] {
                let (status, text) = try await client.send(.post, path, body)
                #expect(status == 400)
                #expect(try JSON(parsing: text)["error"]?["param"]?.stringValue == parameter, "\(text)")
            }
            let broken = try await client.send(.post, path, raw: "{")
            #expect(broken.status == 400)
            #expect(try JSON(parsing: broken.text)["error"]?["message"]?.stringValue?.isEmpty == false)
            let none = try await client.send(.post, "/v1/openai/vector_stores/none/search", ["query": "x"])
            #expect(none.status == 404)
        }
    }

    @Test func `a ranker is chosen, and thresholds are kept`() async throws {
        try await TestServer.run { client in
            try await VectorSearchTests.fill(client)
            let path = "/v1/openai/vector_stores/w/search"
            let plain = try await client.json(.post, path, ["query": "Ada", "ranking_options": ["ranker": "none"]])
            let scores = (plain["data"]?.arrayValue ?? []).compactMap { $0["score"]?.doubleValue }
            let middle = try #require(scores.first { $0 < scores[0] })
            #expect(scores.contains { $0 < middle })
            let above = try await client.json(
                .post, path,
                ["query": "Ada", "ranking_options": ["ranker": "none", "score_threshold": .number(middle - 1e-5)]])
            #expect(above["data"]?.arrayValue?.count == scores.count { $0 >= middle })
            let ranked = try await client.json(
                .post, path, ["query": "Ada", "ranking_options": ["ranker": "default-2024-11-15"]])
            #expect(ranked["data"]?.arrayValue?.first?["filename"] == "people.txt")
            // Without a cross-encoder the order is that of the search.
            #expect(ranked["data"]?.arrayValue?.map { $0["score"] } == plain["data"]?.arrayValue?.map { $0["score"] })
        }
    }
}
