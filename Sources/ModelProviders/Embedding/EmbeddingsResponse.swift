import FoundationEssentials

/// The answer to a request for embeddings, in the form of any vendor, read straight into numbers: as general JSON values, 500 vectors of 1,536 numbers
/// would take seconds.
struct EmbeddingsResponse: Decodable {
    /// What makes an answer useless; completes the sentence "The answer …".
    struct Defect: Error { let description: String }

    struct Item: Decodable {
        let index: Int?
        let embedding: Vector
    }

    struct Vector: Decodable {
        let values: [Float]

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            guard let text = try? container.decode(String.self) else {
                values = try container.decode([Float].self)
                return
            }
            guard let bytes = Data(base64Encoded: text), bytes.count.isMultiple(of: 4) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "not base64 of float32")
            }
            values = bytes.withUnsafeBytes { bytes in
                stride(from: 0, to: bytes.count, by: 4).map { offset in
                    let bits = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
                    return Float(bitPattern: UInt32(littleEndian: bits))
                }
            }
        }
    }

    private enum CodingKeys: String, CodingKey { case data, embeddings }

    /// Cohere's, by the type of the numbers.
    private struct ByType: Decodable { let float: [Vector] }

    /// Gemini's.
    private struct Values: Decodable { let values: Vector }

    let data: [Item]

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if container.contains(.data) {
            data = try container.decode([Item].self, forKey: .data)
        } else if let byType = try? container.decode(ByType.self, forKey: .embeddings) {
            data = byType.float.map { Item(index: nil, embedding: $0) }
        } else if let values = try? container.decode([Values].self, forKey: .embeddings) {
            data = values.map { Item(index: nil, embedding: $0.values) }
        } else {
            // Ollama's.
            data = try container.decode([Vector].self, forKey: .embeddings).map { Item(index: nil, embedding: $0) }
        }
    }

    /// The vectors in the order of the texts, each of length 1, all of the same dimension.
    /// - Parameters:
    ///   - count: how many texts were sent.
    ///   - dimensions: what each vector must have; `nil` where nothing is known yet.
    func vectors(count: Int, dimensions: Int?) throws(Defect) -> [[Float]] {
        guard data.count == count else { throw Defect(description: "holds \(data.count) vectors for \(count) texts") }
        var vectors = [[Float]](repeating: [], count: count)
        let expected = dimensions ?? data.first?.embedding.values.count
        for (position, item) in data.enumerated() {
            let index = item.index ?? position
            guard vectors.indices.contains(index), vectors[index].isEmpty else {
                throw Defect(description: "does not say which text each vector belongs to")
            }
            let values = item.embedding.values
            guard values.count == expected else {
                throw Defect(
                    description: "holds vectors of \(values.count) dimensions where \(expected ?? 0) are expected")
            }
            vectors[index] = try Self.normalized(values)
        }
        return vectors
    }

    private static func normalized(_ values: [Float]) throws(Defect) -> [Float] {
        let squares = values.reduce(into: 0.0) { $0 += Double($1) * Double($1) }
        guard squares.isFinite, squares > 0 else {
            throw Defect(description: "holds a vector without a direction (zero, or not a number)")
        }
        let scale = 1 / squares.squareRoot()
        return values.map { Float(Double($0) * scale) }
    }
}
