import Domain
import Engine
import HTTPTypes
import OrderedJSON
import Persistence

/// A workspace as a vector store.
struct VectorStoreObject {
    let workspace: Workspace
    let counts: FileCounts
    /// Of its vectors.
    let bytes: Int
    /// What the setting VECTOR_DB says.
    let provider: String
    /// What clients keep with it.
    let metadata: JSON

    var json: JSON {
        [
            "id": .string(workspace.slug), "object": "vector_store",
            "created_at": .integer(workspace.createdAt.seconds),
            "name": .string(workspace.name), "usage_bytes": JSON(bytes),
            "file_counts": counts.json, "status": counts[.inProgress] > 0 ? "in_progress" : "completed",
            "expires_after": nil, "expires_at": nil,
            "last_active_at": .integer(workspace.lastUpdatedAt.seconds), "metadata": metadata,
            "provider": .string(provider),
        ]
    }
}

extension Document {
    /// What a filter compares, under the names that it takes.
    var filterValues: JSONObject {
        var values: JSONObject = [
            "title": .string(title), "author": .string(author), "description": .string(description),
            "source": .string(source), "chunkSource": .string(chunkSource), "url": .string(url),
            "folder": .string(path.folder), "location": .string(path.text), "fileExtension": .string(fileExtension),
            "wordCount": JSON(wordCount), "tokenCount": JSON(tokenCount),
        ]
        if let publishedAt { values["published"] = .integer(publishedAt.seconds) }
        for attribute in attributes { values["metadata." + attribute.name] = JSON(attribute.value) }
        return values
    }
}

extension SearchHit {
    /// As a search of a vector store shows it.
    var vectorStoreResult: JSON {
        // OpenAI's attributes are texts, numbers and booleans.
        var attributes = chunk.document.filterValues
        attributes["docId"] = .string(chunk.docID)
        attributes["charStart"] = JSON(chunk.chunk.range.lowerBound)
        attributes["charEnd"] = JSON(chunk.chunk.range.upperBound)
        if let locator = chunk.chunk.locator { attributes = attributes.merging(locator.json) }
        if !chunk.chunk.headingPath.isEmpty {
            attributes["headings"] = .string(chunk.chunk.headingPath.joined(separator: " > "))
        }
        return [
            "file_id": .string(FileID(document: chunk.document.id).text), "filename": .string(chunk.document.title),
            "score": .number(score.sixDecimals), "attributes": .object(attributes),
            "content": [["type": "text", "text": .string(chunk.chunk.text)]], "id": .string(chunk.wireID),
        ]
    }
}

/// The body of a search of a vector store.
struct VectorStoreSearchPayload {
    /// One for each text that was sent, alike but for it.
    let queries: [SearchQuery]

    private static let maximumTexts = 16
    private static let maximumResults = 50
    private static let defaultResults = 10

    init(_ payload: RequestPayload, for workspace: Workspace) throws {
        let settings = workspace.settings
        var query = SearchQuery(
            "", limit: try Self.limit(payload["max_num_results"]), threshold: settings.similarityThreshold)
        query.mode = settings.vectorSearchMode
        try Self.read(payload["ranking_options"], into: &query)
        if let rewrites = payload["rewrite_query"], rewrites != .null, rewrites.boolValue == nil {
            throw Self.invalid("rewrite_query must be a boolean.", "rewrite_query")
        }
        query.offset = try Self.offset(payload["page"], limit: query.limit)
        do throws(MetadataFilterPayload.Invalid) {
            query.filter = try MetadataFilterPayload.filter(in: payload["filters"])
        } catch {
            throw Self.invalid(error.message, "filters")
        }
        queries = try Self.texts(payload["query"]).map { text in
            var copy = query
            copy.text = text
            return copy
        }
    }

    private static func texts(_ value: JSON?) throws -> [String] {
        let texts = value?.stringValue.map { [$0] } ?? value?.arrayValue?.compactMap(\.stringValue) ?? []
        guard !texts.isEmpty, texts.count == value?.arrayValue?.count ?? 1, texts.allSatisfy({ !$0.trimmed.isEmpty })
        else { throw invalid("query must be a text that is not empty, or an array of texts.", "query") }
        guard texts.count <= maximumTexts else {
            throw invalid("query may have at most \(maximumTexts) texts.", "query")
        }
        let length = texts.reduce(0) { $0 + $1.utf16.count }
        guard length <= VectorSearchPayload.maximumQueryLength else { throw invalid("The query is too long.", "query") }
        return texts
    }

    private static func limit(_ value: JSON?) throws -> Int {
        guard let value, value != .null else { return defaultResults }
        guard let limit = value.integerValue, (1...Int64(maximumResults)).contains(limit) else {
            throw invalid("max_num_results must be a whole number, 1 to \(maximumResults).", "max_num_results")
        }
        return Int(limit)
    }

    /// `ranker`: `none` leaves the order to the search without a reranker, `auto` to the workspace, and the names of OpenAI's rankers ask
    /// for ours.
    static func read(_ options: JSON?, into query: inout SearchQuery) throws {
        guard let options, options != .null else { return }
        guard options.objectValue != nil else {
            throw invalid("ranking_options must be an object.", "ranking_options")
        }
        switch options["ranker"] {
        case nil, .null?, "auto"?: break
        case "none"?: if query.mode == .rerank { query.mode = .default }
        case "default-2024-11-15"?, "default_2024_08_21"?: query.mode = .rerank
        default:
            throw invalid("ranker must be auto, none or default-2024-11-15.", "ranking_options.ranker")
        }
        guard let threshold = options["score_threshold"], threshold != .null else { return }
        guard let number = threshold.doubleValue, (0...1).contains(number) else {
            throw invalid("score_threshold must be a number, 0 to 1.", "ranking_options.score_threshold")
        }
        query.threshold = number
    }

    /// Reads what `nextPage(after:)` wrote.
    private static func offset(_ value: JSON?, limit: Int) throws -> Int {
        guard let value, value != .null else { return 0 }
        guard let offset = value.stringValue.flatMap(Int.init),
            (0...Retriever.maximumDepth - limit).contains(offset)
        else { throw invalid("page must be the next_page of another answer.", "page") }
        return offset
    }

    /// What asks for the page after this one, as `page`.
    var nextPage: String? {
        guard let query = queries.first, query.offset + 2 * query.limit <= Retriever.maximumDepth else { return nil }
        return String(query.offset + query.limit)
    }

    private static func invalid(_ message: String, _ parameter: String) -> APIError {
        .openAI(.badRequest, message, parameter: parameter)
    }
}
