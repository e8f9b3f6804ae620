package import Domain

/// Asks a workspace questions whose answers are known, in several modes of search.
package struct WorkspaceEvaluation: Sendable {
    package struct Question: Sendable {
        package let text: String
        /// Gains by the `docID` of the documents that answer.
        package let judgements: [String: Double]

        package init(_ text: String, judgements: [String: Double]) {
            self.text = text
            self.judgements = judgements
        }
    }

    /// Chunks of one document stand side by side, and that many times as many documents are wanted.
    package static let chunksPerDocument = 5

    private let retriever: Retriever

    package init(_ retriever: Retriever) { self.retriever = retriever }

    /// - Parameter depth: places of documents that count.
    /// - Throws: what keeps the workspace from being searched.
    package func results(
        _ questions: [Question], modes: [VectorSearchMode], depth: Int, in workspace: Workspace, for caller: Caller
    ) async throws -> [EvaluationResult] {
        if case .blocked(let problem) = try await retriever.searchability(of: workspace.id) { throw problem }
        var results: [EvaluationResult] = []
        for mode in modes {
            var metrics: [RankingMetrics] = []
            var milliseconds: [Double] = []
            var rerankings: [Reranking] = []
            for question in questions {
                var query = SearchQuery(question.text, limit: Self.chunksPerDocument * depth, threshold: 0)
                query.mode = mode
                let start = ContinuousClock.now
                let page = try await retriever.page(query, in: workspace.id, for: caller)
                milliseconds.append(start.duration(to: .now) / .milliseconds(1))
                if let reranking = page.reranking { rerankings.append(reranking) }
                metrics.append(
                    RankingMetrics(
                        of: page.hits.map(\.chunk.docID).unique, judgements: question.judgements, depth: depth))
            }
            var result = EvaluationResult(mode: mode.rawValue, metrics: metrics, milliseconds: milliseconds)
            result.reranking = rerankings.total
            results.append(result)
        }
        return results
    }
}
