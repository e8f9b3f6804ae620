import Concurrency
import Domain
import Persistence

/// What an answer can draw on.
struct ChatContext {
    /// Pinned and attached documents, in order.
    var documents: [PromptAssembler.Passage] = []
    /// What the search found, best first, and behind it what earlier questions found.
    var passages: [PromptAssembler.Passage] = []
    /// Pinned and attached, as they are sent and stored.
    var documentSources: [Source] = []
    var hits: [SearchHit] = []
    /// The question together with the one before, where it leans on that.
    var followUp: String?
    var warnings: [String] = []

    var isEmpty: Bool { documents.isEmpty && hits.isEmpty }

    /// Bytes of UTF-8 that the prompt takes from here.
    var textBytes: Int { (documents + passages).reduce(0) { $0 + $1.quoted.utf8.count } }

    /// Pinned, attached, found; what earlier questions found is not among them, and neither is what had no room.
    func sources(in prompt: Prompt) -> [Source] {
        let sent = Set(prompt.passages.map(\.text))
        return documentSources + hits.filter { sent.contains($0.chunk.chunk.text) }.map(Source.init)
    }
}

/// Gathers what an answer can draw on.
struct ContextGatherer: Sendable {
    let stores: ChatService.Stores
    let retriever: Retriever
    let tokens: TokenCounter

    /// - Parameters:
    ///   - query: what to search with in place of the question; `nil` searches with the question.
    ///   - room: tokens that pinned documents may take.
    func context(for turn: ChatTurn, query: String?, room: Int) async throws -> ChatContext {
        var context = ChatContext()
        let pins = try await pinned(turn.pinned, room: room)
        context.documents = pins.passages + turn.attached.passages
        context.documentSources = pins.sources + turn.attached.sources
        context.warnings = turn.attached.warnings
        context.warnings += turn.pinned.filter { !pins.whole.contains($0.docID) }.map { member in
            "The pinned document \(member.document.title) has no room as a whole; only a part of it was read."
        }
        guard turn.searches else { return context }
        let questions = questions(for: turn, query: query)
        let hits = try await hits(for: turn, questions, pins: pins)
        context.followUp = questions.dropFirst().last
        context.hits = hits
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
            let beginning = try await stores.documents.beginning(
                of: member.document.contentID, limit: room * PinnedDocuments.lengthPerToken)
            guard let beginning else { continue }
            (pins, room) = try await ComputePool.shared.run { [pins, room, tokens] in
                var (pins, room) = (pins, room)
                try pins.add(member, beginning, room: &room, tokens: tokens)
                return (pins, room)
            }
        }
        return pins
    }

    private func questions(for turn: ChatTurn, query: String?) -> [String] {
        if let query { return [query] }
        let question = turn.request.message
        // A follow-up finds what it is about by the words of the question that it follows.
        let followUp = FollowUpQuestion(question, after: turn.questionsBefore)
        return [question] + (followUp.map { [$0.combined] } ?? [])
    }

    private func hits(
        for turn: ChatTurn, _ questions: [String], pins: PinnedDocuments
    ) async throws -> [SearchHit] {
        let settings = turn.workspace.settings
        // Of a document that is pinned in part, what the prompt holds already would take the place of something new.
        let spare = pins.included.count > pins.whole.count ? settings.resultLimit + 16 : 0
        let hits = try await retriever.search(
            questions, in: turn.workspace.id, limit: settings.resultLimit + spare,
            threshold: settings.similarityThreshold, excluding: pins.whole, mode: settings.vectorSearchMode)
        return Array(hits.lazy.filter { !pins.includes($0) }.prefix(settings.resultLimit))
    }
}
