import HTTPTypes
import OrderedJSON
import Testing

extension TestClient {
    static let password = "correct horse battery"

    /// Makes `root` the first administrator.
    func turnOnMultiUserMode() async throws {
        let answer = try await json(
            .post, "/system/enable-multi-user", ["username": "root", "password": .string(Self.password)])
        try #require(answer["success"] == true)
    }

    func makeUser(_ name: String, role: String = "default") async throws {
        let answer = try await json(
            .post, "/v1/admin/users/new",
            ["username": .string(name), "password": .string(Self.password), "role": .string(role)])
        try #require(answer["error"] == .null)
    }

    func signIn(_ name: String, password: String = password) async throws -> JSON {
        try await json(.post, "/request-token", ["username": .string(name), "password": .string(password)])
    }

    /// The same with a session of the user in place of the key.
    func asUser(_ name: String) async throws -> TestClient {
        let token = try #require(try await signIn(name)["token"]?.stringValue)
        return TestClient(client: client, server: server, key: token)
    }
}
