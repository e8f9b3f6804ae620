import Domain
import HTTPTypes
import OrderedJSON
import Persistence
import Testing

/// A22: a key that is revoked while it is being answered. The database is changed as another process changes it.
@Suite struct RevocationTests {
    @Test(arguments: ["/v1/workspace/w/stream-chat", "/v1/workspace/w/chat"])
    func `a revoked key's answer ends`(path: String) async throws {
        let model = EndlessModel()
        try await TestServer.run(model: model) { client in
            try await client.makeWorkspaces("w")
            let revoked = try await client.withKey()
            async let answer = revoked.send(.post, path, ["message": "x", "mode": "chat"])
            await model.hasBegun()
            _ = try await APIKeyStore(client.server.database).delete(id: 2)
            let text = try await answer.text
            #expect(text.contains("The right to this answer was revoked."))
            let next = try await revoked.send(.get, "/v1/auth")
            #expect(next.status == 403)
            let others = try await client.send(.get, "/v1/auth")
            #expect(others.status == 200)
        }
    }

    @Test(arguments: ["UPDATE user_account SET is_suspended = TRUE", "UPDATE user_account SET session_version = 9"])
    func `A22 a user's answer ends with the session, whoever ends that`(statement: String) async throws {
        let model = EndlessModel()
        try await TestServer.run(model: model) { client in
            try await client.makeWorkspaces("w")
            try await client.turnOnMultiUserMode()
            try await client.makeUser("max", role: "manager")
            let max = try await client.asUser("max")
            async let answer = max.send(.post, "/v1/workspace/w/stream-chat", ["message": "x", "mode": "chat"])
            await model.hasBegun()
            try await client.server.database.write(SQL(stringLiteral: "\(statement) WHERE id = 2"))
            let text = try await answer.text
            #expect(text.contains("The right to this answer was revoked."))
            let next = try await max.send(.get, "/v1/auth")
            #expect(next.status == 403)
        }
    }

    @Test func `A22 a suspension ends the user's answers at once`() async throws {
        let model = EndlessModel()
        try await TestServer.run(model: model) { client in
            try await client.makeWorkspaces("w")
            try await client.turnOnMultiUserMode()
            try await client.makeUser("max", role: "manager")
            let max = try await client.asUser("max")
            async let answer = max.send(.post, "/v1/workspace/w/chat", ["message": "x", "mode": "chat"])
            await model.hasBegun()
            _ = try await client.json(.post, "/v1/admin/users/2", ["suspended": true])
            let refused = try await answer
            #expect(refused.status == 403)
            let next = try await max.send(.get, "/v1/auth")
            #expect(next.status == 403)
        }
    }

    @Test func `a completion of a key that loses its rights ends`() async throws {
        let model = EndlessModel()
        try await TestServer.run(model: model) { client in
            try await client.makeWorkspaces("w")
            let restricted = try await client.withKey()
            async let answer = restricted.send(
                .post, "/v1/openai/chat/completions",
                ["model": "w", "stream": true, "messages": [["role": "user", "content": "x"]]])
            await model.hasBegun()
            try await client.server.database.write("UPDATE api_key SET scopes = 'read' WHERE id = 2")
            let text = try await answer.text
            #expect(text.contains("The right to this answer was revoked."))
        }
    }
}

/// Says one word, and then nothing until it is cancelled.
private final class EndlessModel: LanguageModel {
    let providerName = "EndlessLLM"
    let modelID = "endless"
    let contextWindow = 4096
    let supportsTools = false
    let acceptsImages = false

    private let (begun, beginning) = AsyncStream<Void>.makeStream()

    func hasBegun() async { for await _ in begun { return } }

    func reply(to prompt: Prompt, emit: (ReplyEvent) async throws -> Void) async throws -> ReplySummary {
        try await emit(.text("Well"))
        beginning.yield()
        let (silence, continuation) = AsyncStream<Void>.makeStream()
        for await _ in silence {}
        withExtendedLifetime(continuation) {}
        throw CancellationError()
    }
}
