import Domain
import Engine

/// Asks models for the least that they can give.
struct ProviderProbe {
    /// What a model was asked for, which it is, and what came of it.
    struct Finding: Sendable {
        let title: String
        /// What it answered, for people; `nil` where it failed.
        var answer: String?
        var problem: String?
    }

    /// A model that has to be loaded from a disk first may take that long.
    private static let patience = Duration.seconds(60)

    let factory: ProviderFactory
    let settings: SettingsSnapshot

    /// A token of each language model that is chosen for everybody or for a workspace, an embedding, and a ranking where a
    /// reranker is set.
    func findings(_ workspaces: [Workspace]) async -> [Finding] {
        var findings: [Finding] = []
        for choice in choices(workspaces) { findings.append(await token(of: choice)) }
        findings.append(await embedding())
        if let reranker = factory.reranker(settings) { findings.append(await ranking(by: reranker)) }
        return findings
    }

    // MARK: Language models

    private struct Choice: Hashable {
        let provider: String
        /// `nil` for the one that is set.
        let model: String?
    }

    private func choices(_ workspaces: [Workspace]) -> [Choice] {
        var choices = [Choice(provider: settings.chatProvider, model: nil)]
        for chosen in workspaces.map(\.settings) {
            if chosen.chatProvider != nil || chosen.chatModel != nil {
                choices.append(
                    Choice(provider: chosen.chatProvider ?? settings.chatProvider, model: chosen.chatModel))
            }
            if let provider = chosen.agentProvider {
                choices.append(Choice(provider: provider, model: chosen.agentModel))
            }
        }
        return choices.unique
    }

    private func token(of choice: Choice) async -> Finding {
        let name = [choice.provider, choice.model].compactMap(\.self).joined(separator: ":")
        return await finding("a token of language model \(name)") {
            let model = try await factory.languageModel(
                choice.provider, model: choice.model, settings: settings, embedder: try factory.embedder(settings)
            ).prepared()
            guard model.followsInstructions else { return "built in, quotes passages" }
            let question = "Say yes."
            var prompt = Prompt(messages: [Message(role: .user, text: question)], question: question)
            // A reasoning model thinks before it says anything.
            prompt.options.maximumTokens = 256
            var pieces = 0
            let summary = try await model.reply(to: prompt) { _ in pieces += 1 }
            guard pieces > 0 else { throw ServiceError(.upstream, "It answered nothing.") }
            return "\(model.modelID), \(summary.completionTokens.map { "\($0) tokens" } ?? "usage not told")"
        }
    }

    // MARK: Embeddings and rankings

    private func embedding() async -> Finding {
        await finding("an embedding of \(settings.embeddingEngine)") {
            let embedder = try factory.embedder(settings)
            if let problem = embedder.problem { throw problem }
            let vectors = try await embedder.embed(["A sentence."], as: .passage)
            guard let first = vectors.first, !first.values.isEmpty else {
                throw ServiceError(.upstream, "It gave no vector.")
            }
            return "\(embedder.model.id), \(first.values.count) dimensions"
        }
    }

    private func ranking(by reranker: any Reranker) async -> Finding {
        await finding("a ranking") {
            let texts = ["Water boils at 100 degrees Celsius.", "The library opens at nine."]
            let candidates = texts.map { RerankCandidate(text: $0, context: "", similarity: 0) }
            let scores = try await reranker.scores(
                "When does the library open?", candidates: candidates, until: .now.advanced(by: Self.patience))
            guard scores.count == texts.count else {
                throw ServiceError(.upstream, "It judged \(scores.count) of 2 texts.")
            }
            return "scores \(scores.map { ($0 * 1000).rounded() / 1000 })"
        }
    }

    private func finding(_ title: String, _ ask: () async throws -> String) async -> Finding {
        do {
            return Finding(title: title, answer: try await ask())
        } catch {
            return Finding(title: title, problem: (error as? ServiceError)?.message ?? "\(error)")
        }
    }
}
