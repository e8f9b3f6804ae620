package import Domain

extension JobQueue {
    /// Waits for the end of an ingestion; throws as `outcome(of:)`.
    package func ingestionOutcome(of id: String) async throws -> IngestionOutcome {
        guard case .ingestion(let outcome) = try await outcome(of: id) else { throw ServiceError.unreadableJob }
        return outcome
    }

    /// Waits for the end of a job that embeds documents; throws as `outcome(of:)`.
    package func embeddingsOutcome(of id: String) async throws -> EmbeddingsOutcome {
        guard case .embeddings(let outcome) = try await outcome(of: id) else { throw ServiceError.unreadableJob }
        return outcome
    }
}

extension ServiceError {
    /// A job was recorded in a form that nobody can read.
    static let unreadableJob = ServiceError(.invalid, "The job's payload is damaged.")
}
