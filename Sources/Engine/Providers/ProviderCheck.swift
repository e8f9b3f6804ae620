import Domain

/// What one of the configured providers is for, which it is, and whether what it needs is set. Nothing is asked of it.
package struct ProviderCheck: Sendable, Equatable {
    /// `language model mistral` say.
    package let title: String
    /// `nil` where nothing is missing.
    package let problem: String?
}

extension SettingsSnapshot {
    /// A line for each provider that the settings choose.
    package func providerChecks() -> [ProviderCheck] {
        var checks = [
            check("language model \(chatProvider)") { () throws(ServiceError) in try checkChatProvider() },
            check("embedding engine \(embeddingEngine)") { () throws(ServiceError) in _ = try embedderConnection() },
            check("vector database \(chosenVectorDatabase)") { () throws(ServiceError) in try checkVectorDatabase() },
        ]
        if let reranker = rerankerTitle {
            checks.append(check("reranking by \(reranker)") { () throws(ServiceError) in _ = try rerankerConnection() })
        }
        if let images = value(for: "IMAGE_GEN_PROVIDER") {
            checks.append(check("images by \(images)") { () throws(ServiceError) in _ = try imageEndpoint() })
        }
        if let transcriber = value(for: "WHISPER_PROVIDER") {
            checks.append(
                check("transcription by \(transcriber)") { () throws(ServiceError) in _ = try transcriptionEndpoint() })
        }
        if let voice = value(for: "TTS_PROVIDER"), voice != Provider.native.id, voice != Provider.piper.id {
            checks.append(check("speech by \(voice)") { () throws(ServiceError) in _ = try speechEndpoint() })
        }
        if let listener = value(for: "STT_PROVIDER"), listener != Provider.native.id {
            checks.append(check("listening by \(listener)") { () throws(ServiceError) in _ = try listeningEndpoint() })
        }
        return checks
    }

    /// What a provider lacks since the settings were others; the user may be about to set it.
    func newProblems(since before: SettingsSnapshot) -> [String] {
        let known = before.providerChecks()
        var problems = providerChecks().filter { !known.contains($0) }
            .compactMap { check in check.problem.map { "The \(check.title) cannot be used yet: \($0)" } }
        if usesNativeEmbedder, let model = value(for: "EMBEDDING_MODEL_PREF"), model != nativeEmbeddingModel,
            model != before.value(for: "EMBEDDING_MODEL_PREF")
        {
            problems.append(
                "The embedder in this process has no model \(model); it goes on with \(nativeEmbeddingModel).")
        }
        return problems
    }

    /// A router is chosen by each workspace, or for all of them.
    private func checkChatProvider() throws(ServiceError) {
        if chatProvider != Provider.router.id { _ = try chatConnection(chatProvider) }
    }

    private var rerankerTitle: String? {
        value(for: RerankingOffer.providerVariable)
            ?? value(for: RerankingOffer.modelVariable).map { _ in Provider.native.id }
    }

    private func check(_ title: String, _ work: () throws(ServiceError) -> Void) -> ProviderCheck {
        do {
            try work()
            return ProviderCheck(title: title, problem: nil)
        } catch {
            return ProviderCheck(title: title, problem: error.message)
        }
    }

    /// The vector database that holds; `lancedb` names the embedded one.
    package var vectorDatabase: String {
        ProviderRegistry.vectors.built.first { $0 == chosenVectorDatabase } ?? Self.embeddedVectorDatabase
    }

    private var chosenVectorDatabase: String { value(for: "VECTOR_DB") ?? Self.embeddedVectorDatabase }

    private static let embeddedVectorDatabase = "lancedb"

    private func checkVectorDatabase() throws(ServiceError) {
        guard chosenVectorDatabase != vectorDatabase else { return }
        throw ServiceError(
            .unavailable,
            "The vector database \(chosenVectorDatabase) is not available in this version; the embedded one is used. "
                + "Available: \(ProviderRegistry.vectors.built.joined(separator: ", ")).")
    }
}
