import Domain
import Engine
import OrderedJSON

extension Source {
    /// As search, answers and history show it.
    var json: JSON {
        var object: JSONObject = [
            "id": .string(id), "url": .string(url), "title": .string(title), "docAuthor": .string(author),
            "description": .string(description), "docSource": .string(origin), "chunkSource": .string(chunkSource),
            "published": .string(published), "wordCount": JSON(wordCount), "token_count_estimate": JSON(tokenCount),
            "chunk": .string(excerpt), "text": .string(text),
        ]
        if let relevance {
            object["_distance"] = .number(relevance.distance)
            object["score"] = .number(relevance.score)
        }
        object["location"] = location.map(JSON.string)
        object["docId"] = docID.map(JSON.string)
        if let rerank = relevance?.rerank {
            object["rerank_corpus_id"] = JSON(rerank.candidate)
            object["rerank_score"] = .number(rerank.score)
        }
        if let place { object = object.merging(place.json) }
        if !copies.isEmpty { object["alsoIn"] = .array(copies.map(JSON.string)) }
        if isAttachment { object["isDirectUpload"] = true }
        return .object(object)
    }
}

extension Source.Place {
    /// A stretch that a tool read has no pages and headings to tell. `page` is always there, since clients look for it.
    var json: JSONObject {
        let range: JSONObject = ["charRange": [JSON(range.lowerBound), JSON(range.upperBound)]]
        guard let headings else { return range }
        var object: JSONObject = ["page": nil, "lastPage": nil]
        if let locator { object = object.merging(locator.json) }
        if locator?.unit == .row, let sheet = headings.first { object["sheet"] = .string(sheet) }
        return object.merging(range).merging(["headings": .array(headings.map(JSON.string))])
    }
}

extension Locator {
    /// `page` and `lastPage`, `row` and `lastRow`, and so on.
    var json: JSONObject {
        let name = unit.rawValue
        return [
            name: JSON(numbers.lowerBound),
            "last" + name.prefix(1).uppercased() + name.dropFirst(): JSON(numbers.upperBound),
        ]
    }
}

extension ChatMetrics {
    var json: JSONObject {
        var object: JSONObject = [
            "completion_tokens": JSON(completionTokens), "prompt_tokens": JSON(promptTokens),
            "total_tokens": JSON(promptTokens + completionTokens),
        ]
        if let duration {
            object["outputTps"] = JSON(tokensPerSecond)
            object["duration"] = .number(duration)
        }
        object["model"] = .string(model)
        object["provider"] = .string(provider)
        object["timestamp"] = .string(timestamp.iso8601)
        if isPartial { object["partial"] = true }
        object["rerank"] = reranking?.json
        return object
    }
}

extension Reranking {
    var json: JSON {
        var object: JSONObject = [
            "candidates": JSON(candidates), "judged": JSON(judged), "milliseconds": .number(milliseconds.sixDecimals),
        ]
        object["reason"] = reason.map(JSON.string)
        return .object(object)
    }
}

extension MediaAttachment {
    /// - Parameter includesContent: the content is by far the largest part.
    func json(includesContent: Bool) -> JSON {
        var object: JSONObject = ["name": .string(name), "mime": .string(mediaType)]
        if includesContent { object["contentString"] = .string(url) }
        return .object(object)
    }
}

extension ToolUse {
    var json: JSON {
        [
            "name": .string(name), "arguments": (try? JSON(parsing: arguments)) ?? .null, "result": .string(result),
            "isError": .bool(isError),
        ]
    }
}
