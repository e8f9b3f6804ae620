package import Domain

/// Stands where the reranking model that is set cannot be had, and says why to each search.
package struct MissingReranker: Reranker {
    private let error: ServiceError

    package init(_ error: ServiceError) { self.error = error }

    package func scores(
        _ question: String, candidates: [RerankCandidate], until deadline: ContinuousClock.Instant
    ) async throws -> [Double] {
        throw error
    }
}
