import Domain
import Engine
import Foundation
import HTTPTypes
import OrderedJSON
import TestSupport
import Testing

@Suite struct EmbeddingsTests {
    private static let path = "/v1/openai/embeddings"

    @Test func `texts are embedded in order, an empty one among others too`() async throws {
        try await TestServer.run { client in
            let answer = try await client.json(.post, Self.path, ["input": ["harbour", "", "crane"], "model": nil])
            #expect(answer["object"] == "list" && answer["model"] == "words")
            let items = answer["data"]?.arrayValue ?? []
            #expect(items.map { $0["index"] } == [0, 1, 2])
            #expect(
                items.allSatisfy {
                    $0["object"] == "embedding" && $0["embedding"]?.arrayValue?.count == WordEmbedder.dimensions
                })
            let tokens = answer["usage"]?["prompt_tokens"]?.integerValue ?? 0
            #expect(tokens > 0 && answer["usage"]?["total_tokens"]?.integerValue == tokens)
            for body in [["input": "harbour"], ["inputs": ["harbour"]]] as [JSON] {
                let single = try await client.json(.post, Self.path, body)["data"]?.arrayValue
                #expect(single == [items[0]])
            }
        }
    }

    @Test func `base64 holds the same numbers as little-endian float32`() async throws {
        try await TestServer.run { client in
            let numbers = try await vector(client, ["input": "harbour", "encoding_format": "float"]).arrayValue ?? []
            let base64 = try await vector(client, ["input": "harbour", "encoding_format": "base64"]).stringValue
            let bytes = Array(try #require(Data(base64Encoded: base64 ?? "")))
            let floats = stride(from: 0, to: bytes.count, by: 4).map { start in
                Float(bitPattern: bytes[start..<start + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) })
            }
            #expect(floats == numbers.compactMap { $0.doubleValue.map { Float($0) } })
        }
    }

    @Test func `fewer dimensions are the first numbers, at length 1`() async throws {
        try await TestServer.run { client in
            let whole = try await vector(client, ["input": "harbour crane"]).arrayValue?.compactMap(\.doubleValue) ?? []
            let short =
                try await vector(client, ["input": "harbour crane", "dimensions": 1000])
                .arrayValue?.compactMap(\.doubleValue) ?? []
            #expect(short.count == 1000)
            let length = short.reduce(0) { $0 + $1 * $1 }.squareRoot()
            #expect(abs(length - 1) < 1e-6)
            let scale = whole.prefix(1000).reduce(0) { $0 + $1 * $1 }.squareRoot()
            for (a, b) in zip(short, whole) { #expect(abs(a * scale - b) < 1e-6) }
            let all = try await vector(client, ["input": "harbour crane", "dimensions": JSON(WordEmbedder.dimensions)])
            #expect(all.arrayValue?.compactMap(\.doubleValue) == whole)
        }
    }

    @Test(arguments: [
        (#"{}"#, "input"), (#"{"input":""}"#, "input"), (#"{"input":[]}"#, "input"), (#"{"input":7}"#, "input"),
        (#"{"input":null}"#, "input"), (#"{"input":{}}"#, "input"), (#"{"input":["a",7]}"#, "input"),
        (#"{"input":[7,"a"]}"#, "input"), (#"{"input":[1.5]}"#, "input"), (#"{"input":[[]]}"#, "input"),
        (#"{"input":[[1],"a"]}"#, "input"), (#"{"input":[[1],[1e300]]}"#, "input"), (#"{"input":[null]}"#, "input"),
        (#"{"input":"a","dimensions":0}"#, "dimensions"), (#"{"input":"a","dimensions":1025}"#, "dimensions"),
        (#"{"input":"a","dimensions":"x"}"#, "dimensions"), (#"{"input":"a","dimensions":1.5}"#, "dimensions"),
        (#"{"input":"a","encoding_format":"hex"}"#, "encoding_format"),
        (#"{"input":"a","encoding_format":7}"#, "encoding_format"), (#"{"input":"a","model":7}"#, "model"),
    ]) func `what cannot be embedded is refused by name`(body: String, parameter: String) async throws {
        try await TestServer.run { client in
            let (status, text) = try await client.send(.post, Self.path, raw: body)
            let error = try JSON(parsing: text)["error"]
            #expect(status == 400)
            #expect(error?["param"]?.stringValue == parameter, "\(text)")
            #expect(error?["type"] == "invalid_request_error")
        }
    }

    @Test func `there is an end to how much is embedded at once`() async throws {
        try await TestServer.run { client in
            let most = JSON.array(Array(repeating: "a", count: 2048))
            let taken = try await client.send(.post, Self.path, ["input": most])
            #expect(taken.status == 200)
            let long = JSON.array(Array(repeating: .string(String(repeating: "a ", count: 1 << 20)), count: 9))
            for input in [JSON.array(Array(repeating: "a", count: 2049)), long] {
                let refused = try await client.send(.post, Self.path, ["input": input])
                #expect(refused.status == 400)
            }
        }
    }

    @Test func `an embedder that takes only texts says so`() async throws {
        try await TestServer.run { client in
            let (status, text) = try await client.send(.post, Self.path, ["input": [[1, 2], [3]]])
            #expect(status == 400)
            #expect(text.contains("takes texts, not tokens"))
            #expect(try JSON(parsing: text)["error"]?["param"] == "input")
        }
    }

    @Test func `tokens of another vocabulary are refused with what clients can do, where it is not there`() async throws
    {
        try await TestServer.run { client in
            let (status, text) = try await client.send(
                .post, Self.path, ["input": [[15339, 1917]], "model": "text-embedding-3-small"])
            #expect(status == 400)
            #expect(text.contains("check_embedding_ctx_length=False") && text.contains("script/fetch-vocabulary"))
        }
    }

    @Test(arguments: ["words", "gpt-4o", "o3-mini", "text-davinci-003"])
    func `tokens for a named model are never read in the embedder's own vocabulary`(model: String) async throws {
        let factory: WorkspaceEmbedders.Factory = { _ in WordEmbedder(readsTokens: true) }
        try await TestServer.run(makeEmbedder: factory) { client in
            let own = try await client.send(.post, Self.path, ["input": [[1]]])
            #expect(own.status == 200)
            let named = try await client.send(.post, Self.path, ["input": [[1]], "model": .string(model)])
            #expect(named.status == 400 && named.text.contains("check_embedding_ctx_length=False"))
        }
    }

    private func vector(_ client: TestClient, _ body: JSON) async throws -> JSON {
        let answer = try await client.json(.post, Self.path, body)
        return try #require(answer["data"]?.arrayValue?.first?["embedding"])
    }
}
