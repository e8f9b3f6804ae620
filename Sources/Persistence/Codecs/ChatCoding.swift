import Domain
import OrderedJSON

/// What a chat drew on, cost and used, as its columns hold it. The keys are the codec's own: they happen to be those that
/// the wire had when the first rows were written, and stay what they are however the wire changes.
extension Source {
    var stored: JSON {
        var object: JSONObject = [
            "id": .string(id), "url": .string(url), "title": .string(title), "docAuthor": .string(author),
            "description": .string(description), "docSource": .string(origin), "chunkSource": .string(chunkSource),
            "published": .string(published), "wordCount": JSON(wordCount), "token_count_estimate": JSON(tokenCount),
            "chunk": .string(excerpt), "text": .string(text),
        ]
        object["location"] = location.map(JSON.string)
        object["docId"] = docID.map(JSON.string)
        object["documentId"] = documentID.map(JSON.string)
        if let relevance {
            object["_distance"] = .number(relevance.distance)
            object["score"] = .number(relevance.score)
            object["rerank_corpus_id"] = relevance.rerank.map { JSON($0.candidate) }
            object["rerank_score"] = relevance.rerank.map { .number($0.score) }
        }
        if let place {
            if let locator = place.locator {
                object["unit"] = locator.unit == .page ? nil : .string(locator.unit.rawValue)
                object["page"] = JSON(locator.numbers.lowerBound)
                object["lastPage"] = JSON(locator.numbers.upperBound)
            }
            object["charRange"] = [JSON(place.range.lowerBound), JSON(place.range.upperBound)]
            object["headings"] = place.headings.map { .array($0.map(JSON.string)) }
        }
        if !copies.isEmpty { object["copies"] = .array(copies.map(JSON.string)) }
        if isAttachment { object["isDirectUpload"] = true }
        return .object(object)
    }

    /// `nil` for what is no source.
    init?(stored: JSON) {
        guard let object = stored.objectValue else { return nil }
        let text = { (key: String) in object[key]?.stringValue ?? "" }
        let number = { (key: String) in object[key]?.integerValue.map(Int.init) }
        self.init(id: text("id"), title: text("title"))
        url = text("url")
        author = text("docAuthor")
        description = text("description")
        origin = text("docSource")
        chunkSource = text("chunkSource")
        published = text("published")
        wordCount = number("wordCount") ?? 0
        tokenCount = number("token_count_estimate") ?? 0
        excerpt = text("chunk")
        self.text = text("text")
        location = object["location"]?.stringValue
        docID = object["docId"]?.stringValue
        documentID = object["documentId"]?.stringValue
        if let score = object["score"]?.doubleValue {
            relevance = Relevance(distance: object["_distance"]?.doubleValue ?? 1 - score, score: score)
            relevance?.rerank = number("rerank_corpus_id").flatMap { candidate in
                object["rerank_score"]?.doubleValue.map { Rerank(candidate: candidate, score: $0) }
            }
        }
        place = Place(stored: object)
        copies = object["copies"]?.arrayValue?.compactMap(\.stringValue) ?? []
        isAttachment = object["isDirectUpload"]?.boolValue ?? false
    }
}

extension Source.Place {
    fileprivate init?(stored object: JSONObject) {
        guard let bounds = object["charRange"]?.arrayValue?.compactMap({ $0.integerValue.map(Int.init) }),
            bounds.count == 2, bounds[0] <= bounds[1]
        else { return nil }
        let first = object["page"]?.integerValue.map(Int.init)
        let last = object["lastPage"]?.integerValue.map(Int.init)
        let unit = object["unit"]?.stringValue.flatMap(Divisions.Unit.init) ?? .page
        self.init(
            locator: first.map { Locator(unit, $0...max($0, last ?? $0)) }, range: bounds[0]..<bounds[1],
            headings: object["headings"]?.arrayValue?.compactMap(\.stringValue))
    }
}

extension ChatMetrics {
    var stored: JSON {
        var object: JSONObject = [
            "completion_tokens": JSON(completionTokens), "prompt_tokens": JSON(promptTokens),
            "model": .string(model), "provider": .string(provider), "timestamp": .string(timestamp.iso8601),
        ]
        object["duration"] = duration.map(JSON.number)
        if isPartial { object["partial"] = true }
        object["rerank"] = reranking?.stored
        return .object(object)
    }

    /// `nil` where no model was asked.
    init?(stored: JSON) {
        guard let model = stored["model"]?.stringValue else { return nil }
        self.init(
            promptTokens: stored["prompt_tokens"]?.integerValue.map(Int.init) ?? 0,
            completionTokens: stored["completion_tokens"]?.integerValue.map(Int.init) ?? 0,
            duration: stored["duration"]?.doubleValue, model: model,
            provider: stored["provider"]?.stringValue ?? "",
            timestamp: stored["timestamp"]?.stringValue.flatMap(Timestamp.init(iso8601:)) ?? Timestamp(milliseconds: 0))
        isPartial = stored["partial"]?.boolValue ?? false
        reranking = stored["rerank"].flatMap(Reranking.init(stored:))
    }
}

extension Reranking {
    fileprivate var stored: JSON {
        var object: JSONObject = [
            "candidates": JSON(candidates), "judged": JSON(judged), "milliseconds": .number(milliseconds),
        ]
        object["reason"] = reason.map(JSON.string)
        return .object(object)
    }

    fileprivate init?(stored: JSON) {
        guard let candidates = stored["candidates"]?.integerValue, let judged = stored["judged"]?.integerValue else {
            return nil
        }
        self.init(
            candidates: Int(candidates), judged: Int(judged), milliseconds: stored["milliseconds"]?.doubleValue ?? 0,
            reason: stored["reason"]?.stringValue)
    }
}

extension MediaAttachment {
    var stored: JSON { ["name": .string(name), "mime": .string(mediaType), "contentString": .string(url)] }

    /// `nil` for what is no attachment.
    init?(stored: JSON) {
        guard let url = stored["contentString"]?.stringValue else { return nil }
        self.init(name: stored["name"]?.stringValue ?? "", mediaType: stored["mime"]?.stringValue ?? "", url: url)
    }
}

extension ToolUse {
    var stored: JSON {
        [
            "name": .string(name), "arguments": (try? JSON(parsing: arguments)) ?? .null, "result": .string(result),
            "isError": .bool(isError),
        ]
    }

    /// `nil` for what is no use of a tool.
    init?(stored: JSON) {
        guard let name = stored["name"]?.stringValue, let result = stored["result"]?.stringValue else { return nil }
        let arguments = stored["arguments"].flatMap { $0.isNull ? nil : $0.text } ?? ""
        self.init(name: name, arguments: arguments, result: result, isError: stored["isError"]?.boolValue ?? false)
    }
}
