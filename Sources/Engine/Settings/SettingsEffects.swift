import Domain

/// What has to happen because settings changed, judged by what holds and not by what was written: setting a default
/// explicitly changes nothing.
package struct SettingsEffects: Sendable, Equatable {
    /// The embedder must be made anew: something that it reads has changed, if only its key.
    package let reconfiguresEmbedder: Bool
    /// Names for the event log, in the contract's order. They are logged for a key that was applied, changed or not.
    package let events: [String]

    package init(before: SettingsSnapshot, after: SettingsSnapshot, appliedKeys: [String]) {
        reconfiguresEmbedder =
            before.embedderSpecification != after.embedderSpecification
            || before.chunkSize != after.chunkSize || before.chunkOverlap != after.chunkOverlap
            || before.chunkMethod != after.chunkMethod
        events = Self.eventNames.filter { appliedKeys.contains($0.key) }.map(\.name)
    }

    private static let eventNames = [
        (key: "LLMProvider", name: "update_llm_provider"),
        (key: "EmbeddingEngine", name: "update_embedding_engine"),
        (key: "VectorDB", name: "update_vector_db"),
    ]
}

extension SettingsSnapshot {
    /// All that making the embedder depends on, or why it cannot be made.
    fileprivate var embedderSpecification: Result<EmbedderConnection, Missing> {
        do {
            return .success(try embedderConnection())
        } catch {
            return .failure(Missing(message: error.message))
        }
    }
}

private struct Missing: Error, Equatable {
    let message: String
}
