package import Domain

/// Sources as they are sent and stored.
package enum SourceList {
    /// A hit in the form that search, answers and history show.
    package static func source(of hit: SearchHit) -> JSONObject {
        let stored = hit.chunk
        let document = stored.document
        var source: JSONObject = [
            "id": .string(stored.wireID),
            "title": .string(document.title),
            "chunk": .string(stored.chunk.text),
            "text": .string(stored.embeddedText),
            "url": .string(document.url),
            "docAuthor": .string(document.author),
            "description": .string(document.description),
            "docSource": .string(document.source),
            "chunkSource": .string(document.chunkSource),
            "published": .string(document.published),
            "wordCount": JSON(document.wordCount),
            "token_count_estimate": JSON(document.tokenCount),
            "_distance": .number(rounded(1 - hit.score)),
            "score": .number(rounded(hit.score)),
            "location": .string(document.path.text),
            "docId": .string(stored.docID),
        ]
        source = source.merging(place(of: stored.chunk))
        return source
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
