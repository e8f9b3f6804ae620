import Domain
import Persistence

/// What an answer can draw on.
struct ChatContext {
    /// Pinned and attached documents, in order.
    var documents: [PromptAssembler.Passage] = []
    /// What the search found, best first, and behind it what earlier questions found.
    var passages: [PromptAssembler.Passage] = []
    /// Pinned, attached, found, as they are sent and stored; what earlier questions found is not among them.
    var sources: [JSONObject] = []
    var warnings: [String] = []
    var hasHits = false

    var isEmpty: Bool { documents.isEmpty && !hasHits }
}

/// Gathers what an answer can draw on.
struct ContextGatherer: Sendable {
    let stores: ChatService.Stores
    let retriever: Retriever

    /// - Parameters:
    ///   - query: what to search with in place of the question; `nil` searches with the question.
    ///   - room: tokens that pinned documents may take.
    func context(for turn: ChatTurn, query: String?, room: Int) async throws -> ChatContext {
        var context = ChatContext()
        let pins = try await pinned(turn.pinned, room: room)
        context.documents = pins.passages + turn.attached.passages
        context.sources = pins.sources + turn.attached.sources
        context.warnings = turn.attached.warnings
        guard turn.searches else { return context }
        let hits = try await hits(for: turn, query: query, pins: pins)
        context.hasHits = !hits.isEmpty
        context.sources += hits.map(SourceList.source)
        let window = SourceWindow(
            hits: hits, history: turn.history, limit: turn.workspace.settings.resultLimit, pins: pins)
        context.passages = try await window.passages(
            in: turn.workspace.id, chunks: stores.chunks, chats: stores.chats)
        return context
    }

    private func pinned(_ members: [WorkspaceDocument], room: Int) async throws -> PinnedDocuments {
        var pins = PinnedDocuments()
        var room = room
        for member in members where room > 0 {
            guard let content = try await stores.documents.content(id: member.document.contentID) else { continue }
            try pins.add(member, content, room: &room)
        }
        return pins
    }

    private func hits(for turn: ChatTurn, query: String?, pins: PinnedDocuments) async throws -> [SearchHit] {
        let question = query ?? turn.request.message
        var hits = try await search(question, in: turn.workspace, pins)
        // A follow-up finds what it is about by the words of the question that it follows.
        if query == nil, let followUp = FollowUpQuestion(question, after: turn.history.map(\.prompt)) {
            hits = Self.merged(hits, try await search(followUp.combined, in: turn.workspace, pins))
        }
        return Array(hits.prefix(turn.workspace.settings.resultLimit))
    }

    private func search(
        _ question: String, in workspace: Workspace, _ pins: PinnedDocuments
    ) async throws -> [SearchHit] {
        let settings = workspace.settings
        // What a pinned document shows already would take the place of something new.
        let spare = pins.included.isEmpty ? 0 : settings.resultLimit + 16
        return try await retriever.search(
            question, in: workspace.id, limit: settings.resultLimit + spare, threshold: settings.similarityThreshold,
            mode: settings.vectorSearchMode
        ).filter { !pins.includes($0) }
    }

    /// Each chunk once, with the better of its scores; best first.
    private static func merged(_ first: [SearchHit], _ second: [SearchHit]) -> [SearchHit] {
        var best: [Chunk.ID: SearchHit] = [:]
        for hit in first + second where hit.score > best[hit.chunk.id]?.score ?? -1 { best[hit.chunk.id] = hit }
        return best.values.sorted { ($0.score, $1.chunk.id) > ($1.score, $0.chunk.id) }
    }
}
