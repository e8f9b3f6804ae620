package import Domain
package import Persistence

/// A chat as files of the whole instance hold it.
package struct ExportedChat: Sendable {
    /// Whose questions are exported.
    package enum Kind: String, Sendable, CaseIterable {
        case workspace
        /// Those of visitors, who have no names and give no ratings.
        case embed
    }

    package let id: Int64
    package let prompt: String
    package let answer: String
    package let sources: [Source]
    package let attachments: [MediaAttachment]
    package let createdAt: Timestamp
    package let workspace: Workspace.ID
    /// Who asked, as exports call them; `nil` for a visitor.
    package let username: String?
    /// What a reader thought of the answer; `nil` where nobody said.
    package let rating: Bool?

    init(_ stored: StoredChat, _ names: InstanceConversations.Names) {
        id = stored.id
        (prompt, answer) = (stored.chat.prompt, stored.chat.answer)
        (sources, attachments) = (stored.chat.sources, stored.chat.attachments)
        createdAt = stored.createdAt
        workspace = stored.chat.conversation.workspaceID
        username = names.user(of: stored)
        rating = stored.feedbackScore
    }

    init(_ placed: EmbedChatStore.Placed) {
        id = placed.chat.id
        (prompt, answer) = (placed.chat.prompt, placed.chat.answer)
        (sources, attachments) = (placed.chat.sources, [])
        createdAt = placed.chat.createdAt
        workspace = placed.workspace
        (username, rating) = (nil, nil)
    }
}

extension InstanceConversations {
    /// Ids after `id`, the oldest first.
    package func ids(
        _ kind: ExportedChat.Kind, _ filter: InstanceChatFilter, after id: Int64, limit: Int
    ) async throws -> [Int64] {
        switch kind {
        case .workspace: try await chats.ids(filter, after: id, limit: limit)
        case .embed: try await embedChats.ids(filter, after: id, limit: limit)
        }
    }

    /// Places behind `place`, conversation by conversation.
    package func places(
        _ kind: ExportedChat.Kind, _ filter: InstanceChatFilter, after place: ChatPlace, limit: Int
    ) async throws -> [ChatPlace] {
        switch kind {
        case .workspace: try await chats.places(filter, after: place, limit: limit)
        case .embed: try await embedChats.places(filter, after: place, limit: limit)
        }
    }

    /// The ids in their order, in groups that may be in memory at once.
    package func batches(_ kind: ExportedChat.Kind, of ids: [Int64]) async throws -> [[Int64]] {
        switch kind {
        case .workspace: try await chats.batches(of: ids)
        case .embed: try await embedChats.batches(of: ids)
        }
    }

    /// The chats of these ids, in their order. Those that are gone are left out.
    package func find(_ kind: ExportedChat.Kind, _ ids: [Int64], _ names: Names) async throws -> [ExportedChat] {
        switch kind {
        case .workspace: try await chats.find(ids).map { ExportedChat($0, names) }
        case .embed: try await embedChats.find(ids).map { ExportedChat($0) }
        }
    }
}
