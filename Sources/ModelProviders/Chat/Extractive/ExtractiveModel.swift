package import Domain

/// Answers without a language model: it quotes the sentences of the passages that answer the question best.
///
/// Sentences are ranked by the meaning that the embedder sees in them and by the words that they share with the
/// question. An answer takes one call of the embedder for the question and one for at most
/// `ExtractiveRanking.maximumEmbedded` sentences, however long the passages are.
package struct ExtractiveModel: LanguageModel {
    package let providerName = "ExtractiveLLM"
    package let modelID = "extractive"
    /// Bounds what callers put into a prompt; nothing here depends on it.
    package let contextWindow = 32_768
    package let supportsTools = false
    package let acceptsImages = false
    package let acceptsResponseFormats = false
    package let followsInstructions = false

    private let embedder: any Embedder
    private let tokens: TokenCounter

    package init(embedder: any Embedder, tokens: TokenCounter = .estimate) {
        self.embedder = embedder
        self.tokens = tokens
    }

    /// Emits a line that says what kind of answer this is, each quotation, and the list of sources. Throws what the
    /// embedder and `emit` throw. Of the options, only `maximumTokens` means something here.
    package func reply(
        to prompt: Prompt, emit: (ReplyEvent) async throws -> Void
    ) async throws -> ReplySummary {
        let quotations = try await quotations(for: prompt)
        let answer = ExtractiveAnswer(quotations: quotations, passages: prompt.passages)
        var used = 0
        var finishReason = ReplySummary.FinishReason.stop
        for piece in answer.pieces {
            let pieceTokens = tokens.tokens(in: piece)
            if let limit = prompt.options.maximumTokens, used + pieceTokens > limit, used > 0 {
                finishReason = .length
                break
            }
            used += pieceTokens
            try await emit(.text(piece))
        }
        return ReplySummary(
            promptTokens: prompt.messages.reduce(0) { $0 + tokens.tokens(in: $1.text) },
            completionTokens: used, finishReason: finishReason)
    }

    private func quotations(for prompt: Prompt) async throws -> [ExtractiveCandidate] {
        let candidates = ExtractiveCandidate.candidates(in: prompt.passages)
        guard !candidates.isEmpty, prompt.question.contains(where: { $0.isLetter || $0.isNumber }) else { return [] }
        let ranking = ExtractiveRanking(question: prompt.question, candidates: candidates, model: embedder.model)
        let shortlist = ranking.shortlist
        async let question = embedder.embed([prompt.question], as: .query)
        async let sentences = embedder.embed(shortlist.map(\.candidate.textToEmbed), as: .passage)
        guard let question = try await question.first else { return [] }
        return ranking.best(of: shortlist, embeddings: try await sentences, question: question)
    }
}
