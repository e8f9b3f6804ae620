package import Domain

/// Sources as they are sent and stored.
package enum SourceList {
    /// A hit in the form that search, answers and history show.
    package static func source(of hit: SearchHit) -> JSONObject {
        let stored = hit.chunk
        var source = stored.document.listing.merging([
            "id": .string(stored.wireID),
            "chunk": .string(stored.chunk.text),
            "text": .string(stored.embeddedText),
            "_distance": .number(rounded(1 - hit.similarity)),
            "score": .number(rounded(hit.score)),
            "location": .string(stored.document.path.text),
            "docId": .string(stored.docID),
        ])
        if let rerank = hit.rerank {
            source["rerank_corpus_id"] = JSON(rerank.candidate)
            source["rerank_score"] = .number(rounded(rerank.score))
        }
        return source.merging(place(of: stored.chunk))
    }

    /// A document as a whole, with the beginning of its text; what is no hit has no score.
    package static func source(of member: WorkspaceDocument, text: String) -> JSONObject {
        let excerpt = WholeDocument.excerpt(of: text)
        return member.document.listing.merging([
            "chunk": excerpt,
            "text": excerpt,
            "location": .string(member.document.path.text),
            "docId": .string(member.docID),
        ])
    }

    /// Where in the document a chunk stands: pages where there are any, characters, and headings.
    package static func place(of chunk: Chunk) -> JSONObject {
        [
            "page": JSON(chunk.pages?.lowerBound),
            "lastPage": JSON(chunk.pages?.upperBound),
            "charRange": [JSON(chunk.range.lowerBound), JSON(chunk.range.upperBound)],
            "headings": .array(chunk.headingPath.map(JSON.string)),
        ]
    }

    /// What to call the source towards people.
    package static func citation(of stored: StoredChunk) -> String {
        guard let pages = stored.chunk.pages else { return stored.document.title }
        return pages.count == 1
            ? "\(stored.document.title), p. \(pages.lowerBound)"
            : "\(stored.document.title), pp. \(pages.lowerBound)–\(pages.upperBound)"
    }

    /// Six decimals: more than float32 scores hold.
    package static func rounded(_ score: Double) -> Double { (score * 1e6).rounded() / 1e6 }
}

extension Document {
    /// The document as listings show it, without its text.
    package var listing: JSONObject {
        [
            "id": .string(id),
            "url": .string(url),
            "title": .string(title),
            "docAuthor": .string(author),
            "description": .string(description),
            "docSource": .string(source),
            "chunkSource": .string(chunkSource),
            "published": .string(published),
            "wordCount": JSON(wordCount),
            "token_count_estimate": JSON(tokenCount),
        ]
    }
}
