import AsyncHTTPClient
import OrderedJSON
import TestSupport
import Testing

@testable import ModelProviders

/// Servers that are found where they usually listen, told from each other and from what is none.
@Suite(.timeLimit(.minutes(1))) struct LocalModelServersTests {
    private static func list(_ models: [String], by owner: String?) -> JSON {
        let entries = models.map { id -> JSON in
            var entry = JSONObject(["id": .string(id), "object": "model"])
            entry["owned_by"] = owner.map(JSON.string)
            return .object(entry)
        }
        return ["object": "list", "data": .array(entries)]
    }

    /// What is found with `listing` at `path` on a free port, looked for as at `port`.
    private func find(_ listing: JSON?, at path: String, as port: Int) async throws -> (
        found: [LocalModelServer], address: String
    ) {
        try await FakeProvider.run { provider in
            if let listing { provider.keep(listing, at: "/\(path)") }
            let address = provider.baseURL.replacing("/v1", with: "")
            let number = try #require(Int(address.split(separator: ":").last ?? ""))
            let usual = try #require(LocalPort.usual.first { $0.port == port })
            let place = LocalPort(port: number, path: usual.path, base: usual.base, kind: usual.kind)
            return try await HTTPClient.withHTTPClient { client in
                (await LocalModelServers(client: client, ports: [place]).find(), address)
            }
        }
    }

    @Test func `Ollama is known by its tags, and models that only embed are left out`() async throws {
        let tags: JSON = ["models": [["name": "nomic-embed-text:latest"], ["name": "llama3.2:latest"]]]
        let (found, address) = try await find(tags, at: "api/tags", as: 11434)
        #expect(found == [LocalModelServer(kind: .ollama, base: address, models: ["llama3.2:latest"])])
    }

    @Test(
        arguments: [
            (8080, "llamacpp", .llamaCPP), (8080, nil, .localAI), (1234, "organization_owner", .lmStudio),
            (8000, "vllm", .vLLM), (8000, "somebody", nil),
        ] as [(Int, String?, LocalModelServer.Kind?)])
    func `the others are known by port and owner`(port: Int, owner: String?, kind: LocalModelServer.Kind?) async throws
    {
        let (found, address) = try await find(Self.list(["qwen", "bge-m3"], by: owner), at: "v1/models", as: port)
        #expect(found == kind.map { [LocalModelServer(kind: $0, base: address + "/v1", models: ["qwen"])] } ?? [])
    }

    @Test(
        arguments: [nil, ["hello": "world"], ["object": "list"], ["object": "list", "data": [["name": "x"]]]] as [JSON?]
    )
    func `what lists no models is none`(listing: JSON?) async throws {
        for port in [8080, 1234, 8000] { #expect(try await find(listing, at: "v1/models", as: port).found.isEmpty) }
        #expect(try await find(listing, at: "api/tags", as: 11434).found.isEmpty)
    }

    @Test func `where nobody listens nothing is found`() async throws {
        try await HTTPClient.withHTTPClient { client in
            let port = LocalPort(port: 1, path: "v1/models", base: "/v1") { _ in .localAI }
            #expect(await LocalModelServers(client: client, ports: [port]).find().isEmpty)
        }
    }
}
