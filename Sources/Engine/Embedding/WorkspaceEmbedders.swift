import Concurrency
package import Domain
package import Persistence
import Synchronization

/// Knows whose vectors serve which workspace.
///
/// After the embedder was changed, a workspace is served by the old one until all its documents have been embedded with
/// the new one. The old one is kept alive, or made again from the settings that it was made from.
package final class WorkspaceEmbedders: Sendable {
    /// Makes an embedder from settings; asks nothing of a remote one.
    package typealias Factory = @Sendable (SettingsSnapshot) throws(ServiceError) -> any Embedder

    package let embedding: EmbeddingService
    private let store: EmbedderStore
    private let secrets: SecretBox
    private let make: Factory
    /// Held while a change is committed and put in force, so that others can wait for the end of it.
    private let changes = Semaphore(value: 1)
    /// By fingerprint.
    private let previous = Mutex<[String: any Embedder]>([:])

    package init(
        embedding: EmbeddingService, store: EmbedderStore, secrets: SecretBox, make: @escaping Factory
    ) {
        self.embedding = embedding
        self.store = store
        self.secrets = secrets
        self.make = make
    }

    /// The fingerprint of the embedder whose vectors serve the workspace; `nil` where nothing was put into it yet.
    func serving(_ workspace: Workspace.ID) async throws -> String? { try await store.serving(workspace) }

    /// The embedder of this fingerprint.
    ///
    /// - Throws: `unavailable` where it cannot be made any more.
    func embedder(_ fingerprint: String) async throws -> any Embedder {
        let current = embedding.embedder
        if current.problem == nil, current.model.fingerprint == fingerprint { return current }
        if let kept = previous.withLock({ $0[fingerprint] }) { return kept }
        let made = try await remade(fingerprint, instead: current)
        previous.withLock { $0[fingerprint] = made }
        return made
    }

    /// The embedder for a document that goes into the workspace: the one that serves it, so that it is found at once; the
    /// current one where that one cannot be made any more.
    ///
    /// - Parameter usesCurrent: the current one in any case.
    func embedder(
        forAdditionsTo workspace: Workspace.ID, whateverServes usesCurrent: Bool = false
    ) async throws -> any Embedder {
        if !usesCurrent, let serving = try await serving(workspace) {
            do { return try await embedder(serving) } catch is ServiceError {}
        }
        let current = embedding.embedder
        if let problem = current.problem { throw problem }
        return current
    }

    /// Runs the part of a change between which and what is in force nobody may look.
    func withChange<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result {
        try await changes.withPermit { try await body() }
    }

    /// Returns when no change is half done.
    func waitForChange() async throws { try await changes.withPermit {} }

    /// Puts another embedder in the place of the one in use, which serves on where its vectors do.
    func replaceCurrent(with embedder: any Embedder) {
        let old = embedding.embedder
        if old.problem == nil { previous.withLock { $0[old.model.fingerprint] = old } }
        embedding.replace(with: embedder)
    }

    /// Lets go of embedders that serve nobody any more.
    func removeUnused() async throws {
        try await store.removeUnused()
        for fingerprint in previous.withLock({ Array($0.keys) }) where try await store.settings(of: fingerprint) == nil
        {
            previous.withLock { $0[fingerprint] = nil }
        }
    }

    private func remade(_ fingerprint: String, instead current: any Embedder) async throws -> any Embedder {
        do {
            guard let settings = try await store.settings(of: fingerprint) else {
                throw ServiceError(.unavailable, "nobody remembers its settings")
            }
            let made = try make(SettingsSnapshot(environment: secrets.open(settings).values))
            guard made.model.fingerprint == fingerprint else {
                throw ServiceError(.unavailable, "its files or settings are others now")
            }
            return made
        } catch let error as ServiceError {
            // Where the embedder in use is the one that is missing, its own reason says it best.
            if let problem = current.problem { throw problem }
            throw ServiceError(
                .unavailable,
                "The documents of this workspace have not been embedded with the embedding model in use, "
                    + "\(current.model.id), yet, and the one before it cannot be used any more (\(error.message)). "
                    + "They can be searched when they are embedded.", cause: error)
        }
    }
}
