import Concurrency
import Domain
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import OrderedJSON

struct EmbeddingsRoutes: Sendable {
    let embedding: EmbeddingService
    let tokens: TokenCounter

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1/openai").post("embeddings", .requires(.useModels), use: embed)
    }

    /// Bytes of a request: as many texts as it may hold, escaped.
    private static let maximumBody = 32 << 20
    /// Values of a request: as many tokens as it may hold, in their arrays.
    private static let maximumValues = 4 << 20

    @Sendable private func embed(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let fields = try await OpenAIFields(&request, limit: Self.maximumBody, values: Self.maximumValues)
        let embedder = embedding.embedder
        do {
            // Texts of tokens are made by the model, which may have to be loaded for it.
            let payload = try await ComputePool.shared.run {
                try EmbeddingsPayload(fields, embedder: embedder, vocabulary: tokens.exact)
            }
            let embeddings = try await request.whileConnected {
                try await embedding.embed(
                    passages: payload.texts, with: embedder, waitingLimit: EmbeddingService.clientLimit)
            }
            let vectors = try embeddings.map { try payload.shortened($0) }
            return try await ComputePool.shared.run { answer(vectors, payload, embedder) }
        } catch let error as ServiceError {
            return Response(APIError.openAI(error))
        }
    }

    private func answer(_ vectors: [Embedding], _ payload: EmbeddingsPayload, _ embedder: any Embedder) -> Response {
        let data = vectors.enumerated().map { index, vector -> JSON in
            [
                "object": "embedding", "embedding": payload.usesBase64 ? vector.base64 : vector.numbers,
                "index": JSON(index),
            ]
        }
        let tokens = payload.tokenCount ?? tokens(in: payload.texts, embedder)
        return Response(
            json: [
                "object": "list", "data": .array(data), "model": .string(embedder.model.id),
                "usage": ["prompt_tokens": JSON(tokens), "total_tokens": JSON(tokens)],
            ])
    }

    private func tokens(in texts: [String], _ embedder: any Embedder) -> Int {
        texts.reduce(0) { $0 + (embedder.tokenCount($1) ?? tokens.tokens(in: $1)) }
    }
}

/// The body of a request for embeddings.
struct EmbeddingsPayload {
    let texts: [String]
    /// Of inputs that came as tokens.
    private(set) var tokenCount: Int?
    let usesBase64: Bool
    private let dimensions: Int?

    /// As with OpenAI.
    private static let maximumInputs = 2048
    /// UTF-8 bytes of all texts together.
    private static let maximumLength = 16 << 20
    /// Of all token arrays together.
    private static let maximumTokens = 2 << 20

    /// - Parameter vocabulary: OpenAI's, where it is on this machine.
    init(_ fields: OpenAIFields, embedder: any Embedder, vocabulary: (any TokenVocabulary)?) throws {
        guard let input = fields["input"] ?? fields["inputs"] else { throw Self.invalid("is missing") }
        if let arrays = try Self.tokenArrays(input) {
            tokenCount = arrays.reduce(0) { $0 + $1.count }
            do {
                texts = try Self.texts(ofTokens: arrays, model: fields.text("model"), embedder, vocabulary)
            } catch let error as ServiceError where error.code == .invalid {
                throw APIError.openAI(.badRequest, error.message, parameter: "input", code: "invalid_value")
            }
        } else {
            texts = try Self.texts(input)
        }
        dimensions = try fields.integer("dimensions", in: 1...(embedder.model.dimensions ?? 1 << 16))
        switch try fields.text("encoding_format") {
        case nil, "float": usesBase64 = false
        case "base64": usesBase64 = true
        default: throw fields.invalid("encoding_format", "must be float or base64")
        }
        for key in ["model", "user"] { _ = try fields.text(key) }
    }

    /// Tokens of a request without a model are the embedder's. Clients that name one send tokens of OpenAI's vocabularies,
    /// also where the name is that of the embedder, whose own tokens would be other words.
    private static func texts(
        ofTokens arrays: [[Int]], model: String?, _ embedder: any Embedder, _ vocabulary: (any TokenVocabulary)?
    ) throws -> [String] {
        // OpenAI's own clients cannot leave it out.
        guard let model, !model.isEmpty else { return try embedder.texts(ofTokens: arrays) }
        let encoding = TokenEncoding(model: model)
        let help = "Clients send texts with check_embedding_ctx_length=False"
        guard encoding == .cl100k else {
            throw invalid(
                "must be texts: tokens for \(model) are of \(encoding.rawValue), which this server does not have. \(help)"
                    + ", or tokens of cl100k_base with the model text-embedding-3-small")
        }
        guard let vocabulary else {
            throw invalid(
                "must be texts: the vocabulary that tokens for \(model) are of is not on this server. \(help); "
                    + "script/fetch-vocabulary brings the vocabulary")
        }
        return try arrays.map { String(decoding: try vocabulary.bytes(of: $0), as: UTF8.self) }
    }

    private static func texts(_ input: JSON) throws -> [String] {
        let texts = input.stringValue.map { [$0] } ?? input.arrayValue?.compactMap(\.stringValue) ?? []
        guard !texts.isEmpty, input != "", texts.count == input.arrayValue?.count ?? 1 else {
            throw invalid("must be a text that is not empty, or an array of texts, of tokens or of arrays of tokens")
        }
        guard texts.count <= maximumInputs else { throw invalid("may have at most \(maximumInputs) texts") }
        guard texts.reduce(0, { $0 + $1.utf8.count }) <= maximumLength else {
            throw invalid("may have at most \(maximumLength >> 20) MiB of text")
        }
        return texts
    }

    /// `nil` where the input is no tokens.
    private static func tokenArrays(_ input: JSON) throws -> [[Int]]? {
        guard let items = input.arrayValue, let first = items.first else { return nil }
        let arrays: [JSON]
        if first.doubleValue != nil {
            arrays = [input]
        } else if first.arrayValue != nil {
            arrays = items
        } else {
            return nil
        }
        guard arrays.count <= maximumInputs else { throw invalid("may have at most \(maximumInputs) arrays of tokens") }
        let tokens = try arrays.map { array -> [Int] in
            let ids = (array.arrayValue ?? []).compactMap { $0.integerValue.flatMap(Int.init(exactly:)) }
            guard !ids.isEmpty, ids.count == array.arrayValue?.count else {
                throw invalid("must hold whole numbers in each array of tokens, and at least one")
            }
            return ids
        }
        guard tokens.reduce(0, { $0 + $1.count }) <= maximumTokens else {
            throw invalid("may have at most \(maximumTokens) tokens")
        }
        return tokens
    }

    private static func invalid(_ problem: String) -> APIError { OpenAIFields.invalid("input", problem) }

    /// The first numbers of the embedding, as many as were asked for, brought back to length 1.
    func shortened(_ embedding: Embedding) throws -> Embedding {
        guard let dimensions, dimensions != embedding.values.count else { return embedding }
        guard dimensions < embedding.values.count else {
            throw OpenAIFields.invalid("dimensions", "must be a whole number from 1 to \(embedding.values.count)")
        }
        let values = embedding.values.prefix(dimensions)
        let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return Embedding(length > 0 ? values.map { $0 / length } : Array(values))
    }
}

extension Embedding {
    fileprivate var numbers: JSON { .array(values.map { .number(Double($0)) }) }

    /// Little-endian float32.
    fileprivate var base64: JSON {
        .string(values.map(\.bitPattern.littleEndian).withUnsafeBytes { Data($0) }.base64EncodedString())
    }
}
