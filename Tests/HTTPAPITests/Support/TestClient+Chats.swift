import Domain
import HTTPAPI
import HTTPTypes
import OrderedJSON
import Persistence

extension TestClient {
    func makeWorkspaces(_ names: String...) async throws {
        for name in names { _ = try await json(.post, "/v1/workspace/new", ["name": .string(name)]) }
    }

    /// Stores a chat as an answer would, without asking a model; the workspace `w` is the first one.
    @discardableResult
    func store(
        _ prompt: String, answer: String = "a", workspace: Workspace.ID = 1, thread: ChatThread? = nil,
        session: String? = nil, user: Int64? = nil, isIncluded: Bool = true, at seconds: Int64 = 1_767_323_045,
        _ change: (inout Chat) -> Void = { _ in }
    ) async throws -> Chat.ID {
        var chat = Chat(
            conversation: Conversation(
                workspaceID: workspace, threadID: thread?.id, userID: user, sessionID: session),
            prompt: prompt, answer: answer, mode: "chat", isIncluded: isIncluded)
        change(&chat)
        return try await server.chats.insert(
            chat, event: .chatSent(workspace: "w", model: nil, thread: nil), by: .system,
            at: Timestamp(milliseconds: seconds * 1000 + 678))
    }

    /// What users asked, in the order of a listing.
    func prompts(_ path: String) async throws -> [String] {
        let history = try await json(.get, path)["history"]?.arrayValue ?? []
        return history.filter { $0["role"] == "user" }.compactMap { $0["content"]?.stringValue }
    }
}
