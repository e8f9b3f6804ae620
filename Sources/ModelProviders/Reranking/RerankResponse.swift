import OrderedJSON

/// The answer to a request for a ranking.
struct RerankResponse {
    /// What makes an answer useless; completes the sentence "The answer …".
    struct Defect: Error { let description: String }

    /// In the order of the texts that were sent.
    let scores: [Double]

    /// Reads the forms in use: `results` (Cohere, Jina), `data` (Voyage) or a list alone (Text Embeddings Inference) of
    /// objects with an `index` and a `relevance_score` or `score`, best first or in any other order.
    ///
    /// - Parameter count: how many texts were sent.
    init(_ json: JSON, count: Int) throws(Defect) {
        guard let items = json.arrayValue ?? json["results"]?.arrayValue ?? json["data"]?.arrayValue else {
            throw Defect(description: "holds no ranking")
        }
        guard items.count == count else { throw Defect(description: "holds \(items.count) scores for \(count) texts") }
        var scores = [Double?](repeating: nil, count: count)
        for item in items {
            guard let index = item["index"]?.integerValue.flatMap(Int.init(exactly:)), scores.indices.contains(index),
                scores[index] == nil
            else { throw Defect(description: "does not say which text each score belongs to") }
            guard let score = item["relevance_score"]?.doubleValue ?? item["score"]?.doubleValue, score.isFinite else {
                throw Defect(description: "holds a score that is no number")
            }
            scores[index] = score
        }
        self.scores = scores.compactMap(\.self)
    }
}
