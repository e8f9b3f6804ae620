import Domain
import Persistence

/// The passages for a prompt: what the question found, and where that is little, what the questions before it found.
///
/// A follow-up question ("and in 2024?") often finds nothing by itself; its sources are those of the question before.
struct SourceWindow {
    let found: [FoundPassage]
    /// Oldest first.
    let history: [PastChat]
    let limit: Int
    let pins: PinnedDocuments

    func passages(
        in workspace: Workspace.ID, chunks: ChunkStore, chats: ChatStore
    ) async throws -> [PromptAssembler.Passage] {
        let known = found.flatMap(\.hits).map(\.chunk)
        guard known.count < limit, !history.isEmpty else { return found.map(Self.passage) }
        let earlier = Self.ids(
            in: try await chats.sources(of: history.map(\.id)), excluding: Set(known.map(\.wireID)),
            limit: limit - known.count)
        // Chunks whose document has left the workspace meanwhile are not among these.
        let rows = try await chunks.chunks(earlier, in: workspace)
            .filter { !pins.includes(SearchHit(chunk: $0, similarity: 0)) }
        let byID = Dictionary(rows.map { ($0.id, $0) }) { first, _ in first }
        return found.map(Self.passage) + earlier.compactMap { byID[$0] }.map(Self.passage)
    }

    private static func ids(in sources: [Source], excluding known: Set<String>, limit: Int) -> [Chunk.ID] {
        var seen = known
        var ids: [Chunk.ID] = []
        for source in sources where ids.count < limit {
            guard source.relevance != nil, seen.insert(source.id).inserted, let id = Chunk.ID(wireID: source.id)
            else { continue }
            ids.append(id)
        }
        return ids
    }

    private static func passage(_ found: FoundPassage) -> PromptAssembler.Passage {
        var stored = found.document
        stored.chunk = found.chunk
        return passage(stored, found.source)
    }

    private static func passage(_ stored: StoredChunk) -> PromptAssembler.Passage {
        var source = Source(SearchHit(chunk: stored, similarity: 0))
        // Nobody has compared it with this question.
        source.relevance = nil
        return passage(stored, source)
    }

    private static func passage(_ stored: StoredChunk, _ source: Source) -> PromptAssembler.Passage {
        PromptAssembler.Passage(
            quoted: QuotedText.quoted(stored),
            passage: ContextPassage(
                text: String(ChunkHeader.columnNames(in: stored.header)) + stored.chunk.text, citation: stored.citation),
            source: source)
    }
}
