import Domain
import Engine
import HTTPTypes
import OrderedJSON
import Persistence

/// The body of a vector search. What the wire has always had is coerced, what we add is checked.
struct VectorSearchPayload {
    var query: SearchQuery
    /// Chunks before and after each result, 0...5.
    let neighborDistance: Int

    /// UTF-16 code units of a question to the vector store.
    static let maximumQueryLength = 100_000
    private static let maximumNeighbors = 5

    init(_ payload: RequestPayload, for workspace: Workspace) throws {
        let settings = workspace.settings
        query = SearchQuery(
            try Self.text(payload["query"]), limit: Self.limit(payload["topN"]) ?? settings.resultLimit,
            threshold: Self.threshold(payload["scoreThreshold"]) ?? settings.similarityThreshold)
        query.mode = try Self.mode(payload["searchMode"]) ?? settings.vectorSearchMode
        query.offset = try Self.offset(payload["offset"], limit: query.limit)
        neighborDistance = try Self.neighbors(payload["includeNeighbors"])
        do throws(MetadataFilterPayload.Invalid) {
            query.filter = try MetadataFilterPayload.filter(in: payload["filter"])
        } catch {
            throw Self.invalid(error.message)
        }
    }

    /// The question; texts in an array count as one.
    private static func text(_ value: JSON?) throws -> String {
        let parts = value?.arrayValue?.compactMap(\.stringValue)
        let text = (value?.stringValue ?? parts?.joined(separator: ",") ?? "")
        guard !text.trimmed.isEmpty, parts?.count == value?.arrayValue?.count else {
            throw invalid("Query parameter cannot be empty.")
        }
        guard text.utf16.count <= maximumQueryLength else { throw invalid("The query is too long.") }
        return text
    }

    private static func limit(_ value: JSON?) -> Int? {
        guard let number = value?.looseNumber, number >= 1 else { return nil }
        return Int(min(number, Double(Retriever.maximumLimit)))
    }

    private static func threshold(_ value: JSON?) -> Double? {
        guard let number = value?.looseNumber, (0...1).contains(number) else { return nil }
        return number
    }

    private static func mode(_ value: JSON?) throws -> VectorSearchMode? {
        guard let value, value != .null else { return nil }
        guard let mode = value.stringValue.flatMap(VectorSearchMode.init(rawValue:)) else {
            throw invalid("searchMode must be one of \(VectorSearchMode.list).")
        }
        return mode
    }

    private static func offset(_ value: JSON?, limit: Int) throws -> Int {
        guard let value, value != .null else { return 0 }
        let most = Retriever.maximumDepth - limit
        guard let offset = value.integerValue, (0...Int64(most)).contains(offset) else {
            throw invalid("offset must be a whole number, 0 to \(most) with this topN.")
        }
        return Int(offset)
    }

    private static func neighbors(_ value: JSON?) throws -> Int {
        switch value {
        case nil, .null?, .bool(false)?: return 0
        case .bool(true)?: return 1
        default:
            guard let count = value?.integerValue, (0...Int64(maximumNeighbors)).contains(count) else {
                throw invalid("includeNeighbors must be true, false or a whole number, 0 to \(maximumNeighbors).")
            }
            return Int(count)
        }
    }

    private static func invalid(_ message: String) -> APIError {
        APIError(.badRequest, body: ["message": .string(message)])
    }
}

extension SearchHit {
    /// As vector search shows it; `neighbors` where they were asked for.
    func result(neighbors: [ChunkStore.Neighbor]?) -> JSON {
        var result: JSONObject = [
            "id": .string(chunk.id.wireID),
            "text": .string(chunk.textWithHeader),
            "chunk": .string(chunk.chunk.text),
            "metadata": .object(metadata),
            "distance": .number(distance.sixDecimals),
            "score": .number(score.sixDecimals),
        ]
        if let words {
            if !isFoundByWordsAlone { result["vectorScore"] = .number(similarity.sixDecimals) }
            result["wordScore"] = .number(min(1, words).sixDecimals)
        }
        if let rerank {
            result["rerank_corpus_id"] = JSON(rerank.candidate)
            result["rerank_score"] = .number(rerank.score.sixDecimals)
        }
        if let neighbors {
            let before = neighbors.filter { $0.chunk.ordinal < chunk.chunk.ordinal }
            let after = neighbors.filter { $0.chunk.ordinal > chunk.chunk.ordinal }
            result["neighbors"] = ["before": json(before), "after": json(after)]
        }
        return .object(result)
    }

    private var metadata: JSONObject {
        let document = chunk.document
        var metadata: JSONObject = [
            "url": .string(document.url),
            "title": .string(document.title),
            "author": .string(document.author),
            "description": .string(document.description),
            "docSource": .string(document.source),
            "chunkSource": .string(document.chunkSource),
            "published": .string(document.published),
            "wordCount": JSON(document.wordCount),
            "tokenCount": JSON(document.tokenCount),
            "docId": .string(chunk.docID),
            "location": .string(document.path.text),
        ]
        if !document.attributes.isEmpty { metadata["metadata"] = .object(JSONObject(document.attributes)) }
        return metadata.merging(Source.Place(chunk.chunk).json)
    }

    private func json(_ neighbors: [ChunkStore.Neighbor]) -> JSON {
        let values = neighbors.map { neighbor -> JSON in
            let text: JSONObject = [
                "id": .string(neighbor.id.wireID), "text": .string(chunk.header + neighbor.chunk.text),
                "chunk": .string(neighbor.chunk.text),
            ]
            return .object(text.merging(Source.Place(neighbor.chunk).json))
        }
        return .array(values)
    }
}
