/// Something that an answer drew on, as it was then: the document may be another one since, or gone.
package struct Source: Sendable, Equatable {
    /// Of the chunk on the wire, or of the document where that was read as a whole.
    package var id: String
    package var url = ""
    package var title: String
    package var author = ""
    package var description = ""
    /// Where the document came from, in words, and for programs.
    package var origin = ""
    package var chunkSource = ""
    /// As it is shown.
    package var published = ""
    package var wordCount = 0
    package var tokenCount = 0
    /// What was quoted: a chunk, or the beginning of a document.
    package var excerpt = ""
    /// The same with the header about its document.
    package var text = ""
    /// Folder and name of the document; `nil` where that is not known.
    package var location: String?
    /// Of the document's membership in the workspace.
    package var docID: String?
    /// Of the document itself; `nil` for what is none, and where an earlier version has not written it down.
    package var documentID: String?
    /// How near it is to the question; `nil` for what was not found by a search.
    package var relevance: Relevance?
    /// Where in the document it stands; `nil` for a document as a whole.
    package var place: Place?
    /// Locations of documents in which the same is written.
    package var copies: [String] = []
    /// Whether it came with the question and is stored nowhere.
    package var isAttachment = false

    package init(id: String, title: String) {
        self.id = id
        self.title = title
    }

    package struct Relevance: Sendable, Equatable {
        /// 1 minus the score that it had before it was reranked.
        package var distance: Double
        /// What hits are ordered by, 0...1.
        package var score: Double
        /// The place among the candidates before, and the reranker's score.
        package var rerank: Rerank?

        package init(distance: Double, score: Double, rerank: Rerank? = nil) {
            self.distance = distance
            self.score = score
            self.rerank = rerank
        }
    }

    package struct Rerank: Sendable, Equatable {
        package var candidate: Int
        package var score: Double

        package init(candidate: Int, score: Double) {
            self.candidate = candidate
            self.score = score
        }
    }

    package struct Place: Sendable, Equatable {
        /// The pages, rows or the like; `nil` where the format has none.
        package var locator: Locator?
        /// UTF-16 offsets in the document's text.
        package var range: Range<Int>
        /// The headings it stands under, outermost first; `nil` where nobody looked.
        package var headings: [String]?

        package init(locator: Locator? = nil, range: Range<Int>, headings: [String]? = nil) {
            self.locator = locator
            self.range = range
            self.headings = headings
        }
    }
}

/// What an answer cost.
package struct ChatMetrics: Sendable, Equatable {
    package var promptTokens: Int
    package var completionTokens: Int
    /// Seconds; `nil` where the answer was cut off.
    package var duration: Double?
    package var model: String
    package var provider: String
    package var timestamp: Timestamp
    /// Whether the answer broke off.
    package var isPartial = false
    /// Of the search for sources, in rerank mode.
    package var reranking: Reranking?

    package init(
        promptTokens: Int, completionTokens: Int, duration: Double?, model: String, provider: String,
        timestamp: Timestamp
    ) {
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.duration = duration
        self.model = model
        self.provider = provider
        self.timestamp = timestamp
    }

    /// Completion tokens a second; `nil` where no time is known.
    package var tokensPerSecond: Double? {
        duration.flatMap { $0 > 0 ? (Double(completionTokens) / $0 * 100).rounded() / 100 : nil }
    }
}
