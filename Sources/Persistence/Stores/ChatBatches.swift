package import Domain

/// Cuts a list of stored chats into groups that are read at once: many where they are short, one where it holds pictures,
/// so that neither their number nor their size fills the memory.
enum ChatBatches {
    /// Characters of a batch, unless a single chat has more.
    static let maximumLength = 262_144
    static let maximumCount = 128

    /// - Parameter lengths: characters of each chat. Those that are missing are gone, and are left out.
    static func cut(_ ids: [Chat.ID], lengths: [Chat.ID: Int]) -> [[Chat.ID]] {
        var batches: [[Chat.ID]] = []
        var length = 0
        for id in ids {
            guard let next = lengths[id] else { continue }
            if let last = batches.last, last.count < maximumCount, length + next <= maximumLength {
                batches[batches.count - 1].append(id)
                length += next
            } else {
                batches.append([id])
                length = next
            }
        }
        return batches
    }
}

extension ChatStore {
    /// The ids in their order, in groups that may be in memory at once.
    package func batches(of ids: [Chat.ID]) async throws -> [[Chat.ID]] {
        let lengths = try await database.read(
            """
            SELECT id, LENGTH(prompt) + LENGTH(answer) + LENGTH(tool_uses) + LENGTH(sources) + LENGTH(attachments)
            FROM chat WHERE id \(in: ids)
            """
        ) { (try $0.integer(0), Int(try $0.integer(1))) }
        return ChatBatches.cut(ids, lengths: Dictionary(lengths) { first, _ in first })
    }
}

extension EmbedChatStore {
    /// The ids in their order, in groups that may be in memory at once.
    package func batches(of ids: [Int64]) async throws -> [[Int64]] {
        let lengths = try await database.read(
            "SELECT id, LENGTH(prompt) + LENGTH(answer) + LENGTH(sources) FROM embed_chat WHERE id \(in: ids)"
        ) { (try $0.integer(0), Int(try $0.integer(1))) }
        return ChatBatches.cut(ids, lengths: Dictionary(lengths) { first, _ in first })
    }
}
