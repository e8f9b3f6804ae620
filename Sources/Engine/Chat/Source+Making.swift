package import Domain

extension Source {
    /// A hit of a search.
    package init(_ hit: SearchHit) {
        let stored = hit.chunk
        self.init(stored.document, id: stored.wireID)
        excerpt = stored.chunk.text
        text = stored.textWithHeader
        docID = stored.docID
        relevance = Relevance(distance: hit.distance.sixDecimals, score: hit.score.sixDecimals)
        relevance?.rerank = hit.rerank.map { Rerank(candidate: $0.candidate, score: $0.score.sixDecimals) }
        place = Place(stored.chunk)
    }

    /// A document as a whole, with the beginning of its text; what is no hit has no score.
    init(_ member: WorkspaceDocument, text whole: String) {
        self.init(member.document, id: member.document.id)
        excerpt = WholeDocument.excerpt(of: whole)
        text = excerpt
        docID = member.docID
    }

    private init(_ document: Document, id: String) {
        self.init(id: id, title: document.title)
        url = document.url
        author = document.author
        description = document.description
        origin = document.source
        chunkSource = document.chunkSource
        published = document.published
        wordCount = document.wordCount
        tokenCount = document.tokenCount
        location = document.path.text
        documentID = document.id
    }

    /// What tells it from others: a document is read in several places, which are several sources.
    var identity: String { "\(id) \(place.map { "\($0.range)" } ?? "")" }
}

extension Source.Place {
    package init(_ chunk: Chunk) {
        self.init(locator: chunk.locator, range: chunk.range, headings: chunk.headingPath)
    }
}

extension StoredChunk {
    /// What to call it towards people.
    var citation: String {
        chunk.locator.map { "\(document.title), \($0.text)" } ?? document.title
    }
}

extension Double {
    /// Rounded: more than float32 scores hold.
    package var sixDecimals: Double { (self * 1e6).rounded() / 1e6 }
}
