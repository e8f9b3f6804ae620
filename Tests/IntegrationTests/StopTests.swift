import AsyncHTTPClient
import Domain
import Foundation
import NIOCore
import NIOHTTP1
import OrderedJSON
import TestSupport
import Testing

/// The built program while it is told to stop.
@Suite(.timeLimit(.minutes(2))) struct StopTests {
    @Test(arguments: DatabaseEngine.allCases)
    func `what waits when the server stops is told to come again, and the upload goes on at the next start`(
        engine: DatabaseEngine
    ) async throws {
        try await FakeProvider.run { provider in
            try await RunningServer.run(on: engine) { server in
                try await prepare(server, with: provider)
                // From here on neither model says anything.
                provider.answerEmbeddings(.silence)
                provider.answerChats(.silence)
                let api = server.api
                let before = provider.requests.count
                async let upload = api.uploadResponse("The harbour opens at seven.", named: "a.txt", to: "w")
                _ = try await provider.state.wait { $0.requests.count == before + 1 }
                async let chat = api.send(.POST, "/workspace/w/chat", ["message": "Hello?", "mode": "chat"])
                _ = try await provider.state.wait { $0.requests.count == before + 2 }
                server.end(with: SIGTERM)
                for response in [try await upload, try await chat] {
                    #expect(response.status == .serviceUnavailable)
                    #expect(response.headers.first(name: "retry-after") != nil)
                    let body = try JSON(parsing: try await response.body.collect(upTo: 1 << 20).readableBytesView)
                    #expect(body["error"]?.stringValue?.contains("is stopping") == true)
                }

                provider.answerEmbeddings(.vectors)
                try await server.start()
                _ = try await provider.state.wait { $0.requests.count > before + 2 }
                // The text comes in a second time; its answer needs the first one's embedding to be stored.
                let again = try await server.api.upload("The harbour opens at seven.", named: "b.txt", to: "w")
                #expect(again["success"] == true)
            }
        }
    }

    private func prepare(_ server: RunningServer, with provider: FakeProvider) async throws {
        let changed = try await server.api.json(
            .POST, "/system/update-env",
            [
                "LLMProvider": "generic-openai", "GenericOpenAiBasePath": .string(provider.baseURL),
                "GenericOpenAiModelPref": "m", "EmbeddingEngine": "generic-openai",
                "EmbeddingBasePath": .string(provider.baseURL), "EmbeddingModelPref": "m",
            ])
        #expect(changed["error"] == .null)
        _ = try await server.api.json(.POST, "/workspace/new", ["name": "w"])
    }
}
