package import OrderedJSON

/// What the fake provider does with one request for a ranking.
package enum FakeRerankReply: Sendable {
    /// The share of the question's words that each text has, best first, in the form of the dialect that asks.
    case shares
    /// The same as logits, which llama.cpp gives.
    case logits
    /// One score too few.
    case missingLast
    case json(JSON)
    /// Takes the request and never answers.
    case silence
}

extension FakeProvider {
    /// One reply for each request for a ranking, in order; the last one stands for all that follow.
    package func answerRankings(_ replies: FakeRerankReply...) { state.change { $0.rerankReplies = replies } }

    /// The share of the words of `question` that are in `text`.
    package static func share(of question: String, in text: String) -> Double {
        let words = Set(question.lowercased().split(separator: " "))
        return Double(words.intersection(text.lowercased().split(separator: " ")).count) / Double(max(words.count, 1))
    }

    /// `nil` for silence.
    func ranking(of request: JSON, _ reply: FakeRerankReply) -> JSON? {
        switch reply {
        case .silence: return nil
        case .json(let json): return json
        case .shares, .logits, .missingLast: break
        }
        // Only Text Embeddings Inference calls them texts, only Voyage `top_k`.
        let isList = request["texts"] != nil
        let texts = (request["texts"] ?? request["documents"])?.arrayValue?.compactMap(\.stringValue) ?? []
        let question = request["query"]?.stringValue ?? ""
        var ranked = texts.enumerated().map { index, text in (index: index, share: Self.share(of: question, in: text)) }
            .sorted { $0.share > $1.share }
        if let limit = (request["top_n"] ?? request["top_k"])?.integerValue {
            ranked = Array(ranked.prefix(Int(limit)))
        }
        if case .missingLast = reply { ranked.removeLast() }
        let items = ranked.map { index, share -> JSON in
            var score = share
            if case .logits = reply { score = 20 * share - 10 }
            return ["index": JSON(index), isList ? "score" : "relevance_score": .number(score)]
        }
        if isList { return .array(items) }
        if request["top_k"] != nil { return ["object": "list", "data": .array(items), "model": "fake"] }
        return ["id": "1", "results": .array(items), "meta": ["api_version": ["version": "2"]]]
    }
}
