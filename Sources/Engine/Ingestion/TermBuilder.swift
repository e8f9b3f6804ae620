import Concurrency
package import Domain
package import Persistence
import TextAnalysis

/// Finds the terms that chunks are found by and stores them, where this version of the analysis has not done it yet.
package struct TermBuilder: TermSource {
    private let chunks: ChunkStore

    package init(_ chunks: ChunkStore) { self.chunks = chunks }

    func build(_ set: Int64) async throws {
        guard let raw = try await chunks.unanalyzed(set, version: TextAnalyzer.version) else { return }
        let terms = try await ComputePool.shared.run(.background) { Self.terms(of: raw) }
        try await chunks.store(terms, of: set, version: TextAnalyzer.version)
    }

    package func forEachChunk(
        in namespace: Namespace, _ body: @escaping @Sendable (ChunkTerms) -> Void
    ) async throws {
        for set in try await chunks.setsWithoutTerms(in: namespace, version: TextAnalyzer.version) {
            try await build(set)
        }
        try await chunks.forEachTerms(in: namespace, body)
    }

    /// Of each chunk's text and of what it stands under: the document's title, the names of a table's columns, its headings. The title
    /// counts twice: who says what a text is about says it there (docs/retrieval.md).
    static func terms(of set: ChunkStore.Unanalyzed) -> [ChunkTerms] {
        let sample = set.chunks.lazy.map(\.text).joined(separator: "\n").prefix(TextLanguage.sampleLength)
        let language = TextLanguage(of: String(sample))
        let analyzer = TextAnalyzer(language)
        let above = [String(ChunkHeader.title(in: set.header)), ChunkHeader.words(in: set.header)]
            .map { analyzer.terms(of: $0) }
        return set.chunks.map { chunk in
            let headings = chunk.headingPath.filter { !chunk.text.hasPrefix($0) }
            let parts = above + (headings + [chunk.text]).map { analyzer.terms(of: $0) }
            return ChunkTerms(
                id: chunk.id, language: language.rawValue,
                terms: parts.filter { !$0.isEmpty }.joined(separator: " "))
        }
    }
}
