package import Domain
package import Engine
package import Logging

/// What the server is assembled from: where it stores, what it starts with, and what lies outside or is a model.
package struct ServerParts: Sendable {
    package var storage: Storage
    /// Variables that the settings read.
    package var environment: [String: String]
    package var models: ModelSources
    package var reader: any DocumentReader
    /// Takes the sound out of recordings; without one, only those are read that the transcriber takes as they are.
    package var recordingDecoder: (any RecordingDecoder)?
    /// Of one file.
    package var maximumUploadBytes = 4096 << 20
    /// What the vectors in memory take together.
    package var vectorMemoryBytes = Int.max
    /// How much a password costs to try, see `PasswordHashing`.
    package var passwordCost = PasswordHashing.standardCost
    /// Makes what speaks to an identity provider.
    package var identityProvider: IdentitySignIn.Factory = { _ in nil }
    /// What links are fetched with; the one that the settings describe where none is given.
    package var linkFetcher: (any LinkFetcher)?
    /// What runs the scripts of links' pages; the one that the settings describe where none is given, as far as there is a
    /// launcher.
    package var pageRenderer: (any PageRenderer)?
    /// What writes PDF; the browser of this machine where none is given, as far as there is one and a launcher.
    package var pagePrinter: (any PagePrinter)?
    /// Starts the subcommand of this program that becomes a browser.
    package var browserLauncher: [String]?
    /// Tools that models are offered besides those of workspaces.
    package var toolServer: (any ToolServer)?
    package var logger: Logger

    package init(
        storage: Storage, environment: [String: String], models: ModelSources, reader: any DocumentReader,
        logger: Logger
    ) {
        self.storage = storage
        self.environment = environment
        self.models = models
        self.reader = reader
        self.logger = logger
    }
}

/// Makes models as the settings want them; each throws `ServiceError` where something that it needs is not there.
package struct ModelSources: Sendable {
    package var embedder: WorkspaceEmbedders.Factory
    /// The embedder is the one in use, which the extractive answerer compares sentences with.
    package var languageModel: LanguageModelFactory
    package var imageGenerator: @Sendable (SettingsSnapshot) throws -> any ImageGenerator = { _ in
        throw ServiceError(.unavailable, "No valid image generation provider was set. Got: undefined")
    }
    /// One for each recording.
    package var transcriber: @Sendable (SettingsSnapshot) throws -> any Transcriber = { settings in
        _ = try settings.transcriptionEndpoint()
        throw ServiceError(.unavailable, "Recordings are not transcribed on this server.")
    }
    /// Understands what is said to the server; one for each request.
    package var listener: @Sendable (SettingsSnapshot) throws -> any Transcriber = { settings in
        _ = try settings.listeningEndpoint()
        throw ServiceError(.unavailable, "Nobody listens on this server.")
    }
    package var synthesizer: @Sendable (SettingsSnapshot) throws -> any SpeechSynthesizer = { settings in
        _ = try settings.speechEndpoint()
        throw ServiceError(.unavailable, "Nobody speaks on this server.")
    }
    package var modelLister: ModelCatalog.Factory = { endpoint, _ in
        throw ServiceError(.unavailable, "\(endpoint.label) cannot be asked for its models here.")
    }
    /// `nil` leaves results in the order of the search.
    package var reranker: @Sendable (SettingsSnapshot) -> (any Reranker)? = { _ in nil }
    package var tokens = TokenCounter.estimate

    package typealias LanguageModelFactory =
        @Sendable (Workspace, ModelPurpose, SettingsSnapshot, any Embedder) throws -> any LanguageModel

    package init(
        embedder: @escaping WorkspaceEmbedders.Factory, languageModel: @escaping LanguageModelFactory
    ) {
        self.embedder = embedder
        self.languageModel = languageModel
    }

    /// Never without an embedder: see `MissingEmbedder`.
    func embedderOrProblem(_ settings: SettingsSnapshot) -> any Embedder {
        do { return try embedder(settings) } catch { return MissingEmbedder(error) }
    }
}
