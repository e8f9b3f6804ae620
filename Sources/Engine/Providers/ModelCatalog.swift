package import Domain
import Synchronization

/// Which models vendors have: asked of them when somebody wants to know, and remembered for a while.
package final class ModelCatalog: Sendable {
    package typealias Factory = @Sendable (ModelListingEndpoint, SettingsSnapshot) throws -> any ModelLister

    private struct Entry {
        let models: [OfferedModel]
        let end: ContinuousClock.Instant
    }

    /// A model that is pulled or published is to be seen soon.
    package static let usualLifetime = Duration.seconds(300)
    /// There are as many vendors, and settings change rarely.
    private static let maximumCount = 100

    private let settings: Settings
    private let lister: Factory
    private let lifetime: Duration
    private let entries = Mutex<[ModelListingEndpoint: Entry]>([:])

    package init(settings: Settings, lifetime: Duration = ModelCatalog.usualLifetime, lister: @escaping Factory) {
        self.settings = settings
        self.lifetime = lifetime
        self.lister = lister
    }

    /// What a provider lists.
    package struct Listing: Sendable {
        package let provider: String
        package let models: [OfferedModel]
    }

    /// - Parameter provider: `nil` asks for the one that is set for the instance.
    /// - Throws: `notFound` for one that nobody knows, `unavailable` where something that asking needs is not set, `upstream`
    ///   where the vendor does not answer.
    package func models(of provider: String?) async throws -> Listing {
        let snapshot = settings.snapshot
        let provider = provider ?? snapshot.chatProvider
        switch try snapshot.modelListing(provider) {
        case .known(let models): return Listing(provider: provider, models: models)
        case .remote(let endpoint):
            return Listing(provider: provider, models: try await models(at: endpoint, snapshot))
        }
    }

    private func models(at endpoint: ModelListingEndpoint, _ snapshot: SettingsSnapshot) async throws -> [OfferedModel]
    {
        let now = ContinuousClock.now
        if let entry = entries.withLock({ $0[endpoint] }), now < entry.end { return entry.models }
        let models = try await lister(endpoint, snapshot).models()
        entries.withLock { entries in
            if entries.count >= Self.maximumCount { entries.removeAll() }
            entries[endpoint] = Entry(models: models, end: .now + lifetime)
        }
        return models
    }
}
