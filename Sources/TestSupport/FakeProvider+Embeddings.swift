import FoundationEssentials
package import OrderedJSON

/// What the fake provider does with one request for embeddings.
package enum FakeEmbeddingsReply: Sendable {
    /// Correct, in the encoding that was asked for.
    case vectors
    /// Numbers as text, whatever was asked for.
    case floats
    /// Correct, but in reverse order; `index` says so.
    case reversed
    /// One vector too few.
    case missingLast
    case dimensions(Int)
    /// The last vector has no direction.
    case zero
    case failure(Int, String, headers: [(name: String, value: String)] = [])
    case json(JSON)
    /// Takes the request and never answers.
    case silence
}

extension FakeProvider {
    /// The vector that the fake gives for `text`, not yet of length 1. Texts that share words have vectors that are alike, so
    /// that searching in them finds what one would expect.
    package static func vector(for text: String, dimensions: Int = 64) -> [Float] {
        guard dimensions > 0 else { return [] }
        var vector = [Float](repeating: 0, count: dimensions)
        // One component that all texts share, so that a text without words has a direction too.
        vector[0] = 0.5
        for word in text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325
            for byte in word.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
            for _ in 0..<4 {
                hash = hash &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                vector[Int(hash >> 33) % dimensions] += hash & (1 << 20) == 0 ? 1 : -1
            }
        }
        return vector
    }

    func embeddings(of request: JSON, reply: FakeEmbeddingsReply) -> JSON {
        if case .json(let json) = reply { return json }
        let texts = Self.texts(of: request)
        let wanted = request["dimensions"] ?? request["output_dimension"]
        var dimensions = (wanted?.integerValue).map { Int($0) } ?? 64
        if case .dimensions(let other) = reply { dimensions = other }
        var isBase64 = request["encoding_format"]?.stringValue == "base64"
        if case .floats = reply { isBase64 = false }
        var items = texts.enumerated().map { index, text in
            var vector = Self.vector(for: text, dimensions: dimensions)
            if case .zero = reply, index == texts.count - 1 { vector = vector.map { $0 * 0 } }
            let embedding: JSON = isBase64 ? Self.base64(vector) : .array(vector.map { .number(Double($0)) })
            return ["object": "embedding", "index": .integer(Int64(index)), "embedding": embedding] as JSON
        }
        if case .reversed = reply { items.reverse() }
        if case .missingLast = reply { items.removeLast() }
        let vectors = items.compactMap { $0["embedding"] }
        if request["texts"] != nil {
            return ["id": "1", "embeddings": ["float": .array(vectors)], "texts": [], "meta": [:]]
        }
        if request["requests"] != nil { return ["embeddings": .array(vectors.map { ["values": $0] })] }
        // Only Ollama is told whether it may cut.
        if request["truncate"] != nil { return ["model": "fake", "embeddings": .array(vectors), "total_duration": 1] }
        return ["object": "list", "data": .array(items), "model": "fake"]
    }

    /// What Cohere, Gemini and all others are sent.
    private static func texts(of request: JSON) -> [String] {
        if let texts = request["texts"]?.arrayValue { return texts.compactMap(\.stringValue) }
        if let requests = request["requests"]?.arrayValue {
            return requests.map { $0["content"]?["parts"]?.arrayValue?.first?["text"]?.stringValue ?? "" }
        }
        return request["input"]?.arrayValue?.compactMap(\.stringValue) ?? [request["input"]?.stringValue ?? ""]
    }

    private static func base64(_ vector: [Float]) -> JSON {
        let bytes = vector.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init) }
        return .string(Data(bytes).base64EncodedString())
    }
}
