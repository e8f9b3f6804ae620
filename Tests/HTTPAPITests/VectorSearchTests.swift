import Domain
import HTTPTypes
import OrderedJSON
import Testing

@Suite struct VectorSearchTests {
    private static let path = "/v1/workspace/w/vector-search"

    /// Four documents that all speak of the harbour, three of one chunk and one of many.
    static func fill(_ client: TestClient) async throws {
        _ = try await client.json(.post, "/v1/workspace/new", ["name": "w", "similarityThreshold": 0])
        let documents: [(String, JSON)] = [
            ("The harbour opens at seven.", ["title": "hours", "team": "port", "year": 2023, "draft": false]),
            ("The harbour closes at nine.", ["title": "evening", "team": "port", "year": 2024, "draft": true]),
            (
                "The harbour master is called Ada.",
                [
                    "title": "people", "team": "staff", "docAuthor": "Ada", "published": "2021-05-06",
                    "url": "https://a.b/c",
                ]
            ),
        ]
        for (text, metadata) in documents {
            _ = try await client.json(
                .post, "/v1/document/raw-text",
                ["textContent": .string(text), "addToWorkspaces": "w", "metadata": metadata])
        }
        let long = (1...60).map { "Sentence \($0) tells of the harbour and of ship number \($0) in many plain words." }
        _ = try await client.upload(long.joined(separator: "\n\n"), named: "ships.md")
    }

    private func search(_ client: TestClient, _ body: JSON) async throws -> JSON {
        let (status, text) = try await client.send(.post, Self.path, body)
        #expect(status == 200, "\(text)")
        return try JSON(parsing: text)
    }

    private func titles(_ client: TestClient, filter: JSON) async throws -> Set<String> {
        let answer = try await search(client, ["query": "harbour", "topN": 1000, "filter": filter])
        return Set((answer["results"]?.arrayValue ?? []).compactMap { $0["metadata"]?["title"]?.stringValue })
    }

    @Test func `a result has the keys of the wire, and what came with the document`() async throws {
        try await TestServer.run { client in
            try await Self.fill(client)
            let answer = try await search(client, ["query": "When does the harbour open at seven?", "topN": 1])
            let result = try #require(answer["results"]?.arrayValue?.first)
            #expect(answer["hasMore"] == true)
            #expect(
                result.objectValue?.keys == [
                    "id", "text", "chunk", "metadata", "distance", "score", "vectorScore", "wordScore",
                ])
            #expect(result["chunk"] == "The harbour opens at seven.")
            #expect(result["metadata"]?["metadata"] == ["team": "port", "year": 2023, "draft": false])
            let score = try #require(result["score"]?.doubleValue)
            let distance = try #require(result["distance"]?.doubleValue)
            #expect(abs(score + distance - 1) < 1e-5)
        }
    }

    @Test func `filters compare what is known about documents`() async throws {
        try await TestServer.run { client in
            try await Self.fill(client)
            let cases: [(JSON, Set<String>)] = [
                (["type": "eq", "key": "title", "value": "hours.txt"], ["hours.txt"]),
                (["type": "eq", "key": "metadata.team", "value": "port"], ["hours.txt", "evening.txt"]),
                (["type": "ne", "key": "metadata.team", "value": "port"], ["people.txt", "ships.md"]),
                (["type": "in", "key": "metadata.year", "value": [2023, 2025]], ["hours.txt"]),
                (["type": "nin", "key": "metadata.year", "value": [2023]], ["evening.txt", "people.txt", "ships.md"]),
                (["type": "gte", "key": "metadata.year", "value": 2023.5], ["evening.txt"]),
                (["type": "lt", "key": "metadata.team", "value": "q"], ["hours.txt", "evening.txt"]),
                (["type": "eq", "key": "metadata.draft", "value": true], ["evening.txt"]),
                (["type": "eq", "key": "metadata.draft", "value": 1], []),
                (["type": "eq", "key": "metadata.year", "value": "2023"], []),
                (["type": "eq", "key": "author", "value": "Ada"], ["people.txt"]),
                (["type": "eq", "key": "url", "value": "web://https://a.b/c.website"], ["people.txt"]),
                (["type": "lt", "key": "published", "value": "2021-05-07"], ["people.txt"]),
                (
                    ["type": "gte", "key": "published", "value": "2021-05-07"],
                    ["hours.txt", "evening.txt", "ships.md"]
                ),
                (["type": "lte", "key": "published", "value": 1_620_259_200], ["people.txt"]),
                (["type": "eq", "key": "published", "value": "2021-05-06"], ["people.txt"]),
                (["type": "eq", "key": "fileExtension", "value": ".MD"], ["ships.md"]),
                (["type": "gt", "key": "wordCount", "value": 100], ["ships.md"]),
                (["type": "eq", "key": "folder", "value": "elsewhere"], []),
                (["type": "eq", "key": "source", "value": "a text file uploaded by the user."], ["ships.md"]),
                (
                    [
                        "type": "and",
                        "filters": [
                            ["type": "eq", "key": "folder", "value": "custom-documents"],
                            [
                                "type": "not",
                                "filter": [
                                    "type": "or",
                                    "filters": [
                                        ["type": "eq", "key": "chunkSource", "value": "ships.md"],
                                        ["type": "eq", "key": "metadata.team", "value": "staff"],
                                    ],
                                ],
                            ],
                        ],
                    ], ["hours.txt", "evening.txt"]
                ),
            ]
            for (filter, expected) in cases {
                let found = try await titles(client, filter: filter)
                #expect(found == expected, "\(filter.text)")
            }
        }
    }

    @Test func `a filter by the ids that results carry finds them again`() async throws {
        try await TestServer.run { client in
            try await Self.fill(client)
            let first = try await search(client, ["query": "Ada", "topN": 1])["results"]?.arrayValue?.first
            for key in ["docId", "location"] {
                let value = try #require(first?["metadata"]?[key])
                let found = try await titles(client, filter: ["type": "eq", "key": .string(key), "value": value])
                #expect(found == ["people.txt"])
            }
        }
    }

    @Test func `A12 a filter's keys and values are never SQL`() async throws {
        try await TestServer.run { client in
            try await Self.fill(client)
            for text in ["' OR 1=1 --", "\") OR (\"1\"=\"1", "port'; DROP TABLE document; --", "%", "$1"] {
                let byValue = try await titles(
                    client, filter: ["type": "eq", "key": "metadata.team", "value": .string(text)])
                let byKey = try await titles(
                    client, filter: ["type": "ne", "key": .string("metadata." + text), "value": "port"])
                #expect(byValue.isEmpty)
                #expect(byKey.count == 4)
            }
        }
    }

    @Test func `a filter that makes no sense is refused, and the message says why`() async throws {
        var deep: JSON = ["type": "eq", "key": "title", "value": "x"]
        for _ in 0..<8 { deep = ["type": "not", "filter": deep] }
        let wide = JSON.array(Array(repeating: ["type": "eq", "key": "title", "value": "x"], count: 100))
        let many = JSON.array(Array(repeating: "x", count: 1001))
        let cases: [(JSON, String)] = [
            ("title", "object"), ([:], "type"), (["type": "like", "key": "title", "value": "x"], "like"),
            (["type": "eq", "key": "titel", "value": "x"], "titel"),
            (["type": "eq", "key": "metadata.", "value": 1], "metadata."),
            (["type": "eq", "key": 7, "value": 1], "key"), (["type": "eq", "key": "title", "value": 7], "text"),
            (["type": "eq", "key": "title"], "text"),
            (["type": "gt", "key": "title", "value": "a"], "eq, ne, in and nin"),
            (["type": "eq", "key": "wordCount", "value": "7"], "number"),
            (["type": "gt", "key": "published", "value": "yesterday"], "ISO 8601"),
            (["type": "in", "key": "title", "value": "x"], "array"),
            (["type": "in", "key": "title", "value": []], "array"),
            (["type": "eq", "key": "metadata.x", "value": [1]], "text, a number or a boolean"),
            (["type": "lt", "key": "metadata.x", "value": true], "boolean"),
            (["type": "and", "filters": []], "filters"), (["type": "not"], "object"),
            (["type": "eq", "key": "title", "value": "x", "values": []], "values"), (deep, "deep"),
            (["type": "or", "filters": wide], "conditions"), (["type": "in", "key": "title", "value": many], "values"),
        ]
        try await TestServer.run { client in
            try await Self.fill(client)
            for (filter, word) in cases {
                let (status, text) = try await client.send(.post, Self.path, ["query": "x", "filter": filter])
                let message = try JSON(parsing: text)["message"]?.stringValue
                #expect(status == 400)
                #expect(message?.contains(word) == true, "\(filter.text.prefix(80)): \(text)")
            }
        }
    }

    @Test func `a filter may be as large as the bounds say, and a body of brackets is no filter`() async throws {
        let deep = (0..<7).reduce(["type": "eq", "key": "metadata.team", "value": "port"] as JSON) { inner, _ in
            ["type": "and", "filters": [inner]]
        }
        let wide = JSON.array(Array(repeating: ["type": "ne", "key": "metadata.team", "value": "x"], count: 99))
        let many = JSON.array((0..<999).map { .string("\($0)") } + ["port"])
        try await TestServer.run { client in
            try await Self.fill(client)
            let port: Set<String> = ["hours.txt", "evening.txt"]
            let everything = port.union(["people.txt", "ships.md"])
            let all: JSON = ["type": "and", "filters": wide]
            let oneOf: JSON = ["type": "in", "key": "metadata.team", "value": many]
            for (filter, expected) in [(deep, port), (all, everything), (oneOf, port)] {
                let found = try await titles(client, filter: filter)
                #expect(found == expected)
            }
            let brackets = String(repeating: #"{"type":"not","filter":"#, count: 20_000)
            let (status, text) = try await client.send(.post, Self.path, raw: #"{"query":"x","filter":"# + brackets)
            #expect(status == 400)
            #expect(try JSON(parsing: text)["message"]?.stringValue?.isEmpty == false)
        }
    }

    @Test func `A51 numbers that mean nothing count as not sent, and too large ones as the largest`() async throws {
        try await TestServer.run { client in
            try await Self.fill(client)
            _ = try await client.json(.post, "/v1/workspace/w/update", ["topN": 2])
            for topN in [0, -1, "x", nil, [], false, "NaN"] as [JSON] {
                let answer = try await search(client, ["query": "harbour", "topN": topN])
                #expect(answer["results"]?.arrayValue?.count == 2, "\(topN.text)")
            }
            let all = ids(try await search(client, ["query": "harbour", "topN": 1000])["results"])
            for topN in [1_000_000_000, 1e300, "1e9", 1000.9] as [JSON] {
                let answer = try await search(client, ["query": "harbour", "topN": topN])
                #expect(ids(answer["results"]) == all, "\(topN.text)")
            }
            for threshold in ["NaN", -1, 2, 1e300, [:], nil] as [JSON] {
                let answer = try await search(
                    client, ["query": "harbour", "topN": 1000, "scoreThreshold": threshold])
                #expect(ids(answer["results"]) == all, "\(threshold.text)")
            }
        }
    }

    @Test func `neighbours stand before and after a result, in the order of the text`() async throws {
        try await TestServer.run { client in
            try await Self.fill(client)
            let filter: JSON = ["type": "eq", "key": "fileExtension", "value": "md"]
            let all = try await search(client, ["query": "ship", "topN": 1000, "filter": filter])["results"]?.arrayValue
            let byPlace = try #require(all).sorted { start($0) < start($1) }
            #expect(byPlace.count >= 4)
            for (number, count) in [(JSON.bool(true), 1), (2, 2), (0, 0)] {
                let answer = try await search(
                    client, ["query": "ship", "topN": 1000, "filter": filter, "includeNeighbors": number])
                let results = try #require(answer["results"]?.arrayValue)
                #expect(results.map { $0["id"] } == all?.map { $0["id"] })
                for result in results {
                    guard count > 0 else {
                        #expect(result["neighbors"] == nil)
                        continue
                    }
                    let place = try #require(byPlace.firstIndex { $0["id"] == result["id"] })
                    let before = byPlace[max(0, place - count)..<place]
                    let after = byPlace[(place + 1)..<min(byPlace.count, place + 1 + count)]
                    #expect(ids(result["neighbors"]?["before"]) == before.compactMap { $0["id"]?.stringValue })
                    #expect(ids(result["neighbors"]?["after"]) == after.compactMap { $0["id"]?.stringValue })
                    let first = result["neighbors"]?["after"]?.arrayValue?.first
                    #expect(first?["chunk"] == after.first?["chunk"] && first?["text"] == after.first?["text"])
                    #expect(first?["charRange"] == after.first?["metadata"]?["charRange"])
                }
            }
        }
    }

    @Test func `A51 pages continue each other, and every bound is kept`() async throws {
        try await TestServer.run { client in
            try await Self.fill(client)
            let whole = try await search(client, ["query": "harbour", "topN": 1000])
            let all = ids(whole["results"])
            #expect(whole["hasMore"] == false)
            var paged: [String] = []
            var hasMore = true
            while hasMore {
                let page = try await search(client, ["query": "harbour", "topN": 3, "offset": JSON(paged.count)])
                paged += ids(page["results"])
                hasMore = page["hasMore"] == true
            }
            #expect(paged == all)
            let beyond = try await search(client, ["query": "harbour", "topN": 3, "offset": 4000])
            #expect(beyond["results"] == [] && beyond["hasMore"] == false)
            for body in [
                ["query": "x", "offset": -1], ["query": "x", "offset": 5000], ["query": "x", "offset": 1.5],
                ["query": "x", "offset": "1"], ["query": "x", "includeNeighbors": 6],
                ["query": "x", "includeNeighbors": -1], ["query": "x", "includeNeighbors": "yes"],
                ["query": "x", "searchMode": "fast"], ["query": "x", "searchMode": 1], ["query": ""], ["query": "  "],
                ["query": 7], ["query": []], ["query": ["a", 1]], ["query": .object([:])], [:],
                ["query": .string(String(repeating: "x", count: 1 << 20))],
            ] as [JSON] {
                let (status, text) = try await client.send(.post, Self.path, body)
                let message = try JSON(parsing: text)["message"]?.stringValue
                #expect(status == 400, "\(body.text.prefix(60))")
                #expect(message?.isEmpty == false)
            }
            let joined = try await search(client, ["query": ["harbour", "seven"]])
            #expect(joined["results"]?.arrayValue?.count == 4)
        }
    }

    @Test func `rerank mode comes from the request or the workspace, and says what it did`() async throws {
        try await TestServer.run { client in
            try await Self.fill(client)
            let body: JSON = ["query": "Who is called Ada?", "topN": 5]
            let plain = try await search(client, body)["results"]?.arrayValue ?? []
            #expect(plain.allSatisfy { $0["rerank_score"] == nil })
            _ = try await client.json(.post, "/v1/workspace/w/update", ["vectorSearchMode": "rerank"])
            let reranked = try await search(client, body)["results"]?.arrayValue ?? []
            let asked = try await search(client, ["query": "Who is called Ada?", "topN": 5, "searchMode": "default"])
            #expect(asked["results"]?.arrayValue == plain)
            #expect(reranked.first?["metadata"]?["title"] == "people.txt")
            let scores = reranked.compactMap { $0["rerank_score"]?.doubleValue }
            #expect(scores.count == 5 && scores == scores.sorted(by: >))
            for result in reranked {
                #expect(result["score"] == result["rerank_score"])
                let place = Int(try #require(result["rerank_corpus_id"]?.integerValue))
                #expect((0..<10).contains(place))
            }
            let answer = try await client.json(.post, "/v1/workspace/w/chat", ["message": "Who is called Ada?"])
            let source = answer["sources"]?.arrayValue?.first
            #expect(source?["title"] == "people.txt")
            #expect(source?["score"]?.doubleValue == source?["rerank_score"]?.doubleValue)
            #expect(source?["rerank_corpus_id"] != nil)
        }
    }

    private func ids(_ list: JSON?) -> [String] { (list?.arrayValue ?? []).compactMap { $0["id"]?.stringValue } }

    private func start(_ result: JSON) -> Int64 {
        result["metadata"]?["charRange"]?.arrayValue?.first?.integerValue ?? -1
    }
}
