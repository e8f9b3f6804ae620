package import Domain
package import Persistence

/// Keeps responses of OpenAI's API for those who ask for them again, or go on from them.
package struct ResponseArchive: Sendable {
    private let responses: ResponseStore

    /// As long as with OpenAI.
    private static let retention = Duration.seconds(30 * 24 * 3600)
    /// Responses that one looks back at.
    private static let maximumCount = 500
    /// Characters of these together: more than any model's window holds.
    private static let maximumLength = 32 << 20

    package init(responses: ResponseStore) { self.responses = responses }

    /// - Throws: `notFound` where the workspace was deleted meanwhile.
    package func keep(_ response: StoredResponse, by caller: Caller) async throws {
        do {
            try await responses.insert(response, by: caller)
        } catch DatabaseError.foreignKeyViolation {
            throw ServiceError.notFound("The workspace was deleted.")
        }
    }

    /// `nil` where there is none for the caller: who may not do everything finds its own.
    package func find(id: String, for caller: Caller) async throws -> StoredResponse? {
        try await responses.find(id: id, for: caller)
    }

    /// The response and those before it, oldest first; empty where there is none for the caller.
    package func conversation(upTo id: String, for caller: Caller) async throws -> [StoredResponse] {
        try await responses.chain(
            endingAt: id, for: caller, count: Self.maximumCount, length: Self.maximumLength)
    }

    /// `false` where there is none for the caller.
    package func delete(id: String, for caller: Caller) async throws -> Bool {
        try await responses.delete(id: id, for: caller)
    }

    /// Deletes what is too old.
    package func expire() async throws { try await responses.delete(before: .now - Self.retention) }
}
