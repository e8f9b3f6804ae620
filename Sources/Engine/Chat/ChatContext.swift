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
    var found: [FoundPassage] = []
    /// What was searched for.
    var queries: [String] = []
    /// The question together with the one before, where it leans on that.
    var followUp: String?
    var warnings: [String] = []
    /// Of what was found, in rerank mode.
    var reranking: Reranking?

    var isEmpty: Bool { documents.isEmpty && found.isEmpty }

    /// Bytes of UTF-8 that the prompt takes from here.
    var textBytes: Int { (documents + passages).reduce(0) { $0 + $1.quoted.utf8.count } }

    /// Pinned, attached, found, in the order of their numbers. What had no room is not among what was found, and what earlier
    /// questions found only where the answer cites it.
    func sources(in prompt: Prompt, citedBy answer: String) -> [Source] {
        let own = Set((documentSources + found.map(\.source)).map(\.identity))
        let lastCited = Citation.marks(in: answer).map(\.number).max() ?? 0
        var sources = prompt.sources
        while let last = sources.last, sources.count > lastCited, !own.contains(last.identity) { sources.removeLast() }
        let sent = Set(sources.map(\.identity))
        return sources + documentSources.filter { !sent.contains($0.identity) }
    }
}

/// What a language model has written to search with.
struct Queries: Sendable {
    /// In place of the question.
    var question: String?
    /// Besides.
    var further: [String] = []
}

/// Gathers what an answer can draw on.
struct ContextGatherer: Sendable {
    let stores: ChatService.Stores
    let retriever: Retriever
    let tokens: TokenCounter
    /// Whether passages are shown with what stands around them.
    let widensPassages: Bool

    /// - Parameter room: tokens that pinned documents may take.
    func context(for turn: ChatTurn, queries: Queries, room: Int) async throws -> ChatContext {
        var context = ChatContext()
        let pins = try await pinned(turn.pinned, room: room)
        context.documents = pins.passages + turn.attached.passages
        context.documentSources = pins.sources + turn.attached.sources
        context.warnings = turn.attached.warnings
        context.warnings += turn.pinned.filter { !pins.whole.contains($0.docID) }.map { member in
            "The pinned document \(member.document.title) has no room as a whole; only a part of it was read."
        }
        guard turn.searches else { return context }
        let questions = questions(for: turn, queries)
        context.queries = questions + queries.further
        let scope = turn.scope
        let page = try await page(in: scope, context.queries, pins: pins)
        let hits = page.hits
        context.followUp = questions.dropFirst().last
        context.found = try await FoundPassage.passages(of: hits, limit: scope.limit) {
            try await retriever.neighbors(of: $0, distance: widensPassages ? 1 : 0)
        }
        context.reranking = page.reranking
        context.warnings += try await retriever.warnings(
            for: turn.request.message, finding: hits, mode: scope.mode,
            in: scope.workspaces.first ?? turn.workspace.id)
        let window = SourceWindow(
            found: context.found, history: turn.history, limit: scope.limit, pins: pins)
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

    private func questions(for turn: ChatTurn, _ queries: Queries) -> [String] {
        if let question = queries.question { return [question] }
        let question = turn.request.message
        // A follow-up finds what it is about by the words of the question that it follows.
        let followUp = FollowUpQuestion(question, after: turn.questionsBefore)
        return [question] + (followUp.map { [$0.combined] } ?? [])
    }

    private func page(
        in scope: SearchScope, _ questions: [String], pins: PinnedDocuments
    ) async throws -> SearchPage {
        // Of a document that is pinned in part, what the prompt holds already would take the place of something new, and so would
        // what says the same as something better.
        let spare = pins.included.count > pins.whole.count ? scope.limit + 16 : Self.spareHits
        var page = try await retriever.search(
            questions, in: scope, limit: scope.limit + spare, excluding: pins.whole)
        let hits = page.hits.lazy.filter { !pins.includes($0) }
        page.hits = Array(hits.prefix(scope.limit + Self.spareHits))
        return page
    }

    private static let spareHits = 8
}
