import Synchronization

/// What a server says of one of its models; `nil` where it does not say.
struct ModelFacts: Sendable, Equatable {
    /// Tokens that it reads and writes together.
    var contextWindow: Int?
    /// Tokens that it writes at most.
    var maximumTokens: Int?
    var takesTools: Bool?
    var takesImages: Bool?
}

/// What servers have said of their models lately, so that not every chat asks again.
package final class ModelFactsCache: Sendable {
    private struct Entry {
        let facts: ModelFacts
        let end: ContinuousClock.Instant
    }

    private static let lifetime = Duration.seconds(3600)
    /// A server that did not answer may be starting.
    static let lifetimeOfFailures = Duration.seconds(30)
    /// Servers times models, and then some.
    private static let maximumCount = 1000

    private let entries = Mutex<[String: Entry]>([:])

    package init() {}

    /// - Parameters:
    ///   - model: together with its server.
    ///   - lifetime: of what it says; an hour where nothing is said.
    ///   - ask: what cannot be asked says nothing.
    func facts(
        of model: String, for lifetime: Duration = ModelFactsCache.lifetime, ask: () async throws -> ModelFacts
    ) async throws -> ModelFacts {
        let now = ContinuousClock.now
        if let entry = entries.withLock({ $0[model] }), now < entry.end { return entry.facts }
        var facts = ModelFacts()
        var end = now + Self.lifetimeOfFailures
        do {
            facts = try await ask()
            end = .now + lifetime
        } catch let error as CancellationError {
            throw error
        } catch {
            // The chat itself says better what is wrong.
        }
        let entry = Entry(facts: facts, end: end)
        entries.withLock { entries in
            if entries.count >= Self.maximumCount { entries.removeAll() }
            entries[model] = entry
        }
        return facts
    }
}
