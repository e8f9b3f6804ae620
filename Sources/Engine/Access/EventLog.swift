package import Domain
package import Persistence

/// What happened, for operators to read.
package struct EventLog: Sendable {
    private let events: EventStore
    private let settings: Settings

    package init(events: EventStore, settings: Settings) {
        self.events = events
        self.settings = settings
    }

    package func page(_ filter: EventStore.Filter, offset: Int, limit: Int) async throws -> [LoggedEvent] {
        try await events.page(filter, offset: offset, limit: limit)
    }

    package func count(_ filter: EventStore.Filter) async throws -> Int { try await events.count(filter) }

    /// Forgets all events but the clearings themselves.
    package func clear(by caller: Caller) async throws { try await events.clear(by: caller) }

    /// Records what a route does that no use case stands behind.
    package func log(_ event: Event, by caller: Caller) async throws { try await events.log(event, by: caller) }

    /// Forgets what is older than `LECTERN_EVENT_RETENTION_DAYS`.
    package func expire(at now: Timestamp = .now) async throws {
        guard let days = settings.snapshot.amount(for: "LECTERN_EVENT_RETENTION_DAYS") else { return }
        try await events.delete(before: now - .seconds(days * 86_400))
    }
}
