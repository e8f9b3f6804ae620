import BERTKernels

/// The shape of the network, from `config.json`; all of it is checked, so that nothing later has to be.
struct ModelConfiguration: Sendable {
    let family: ModelFamily
    let hiddenSize: Int
    let intermediateSize: Int
    let layerCount: Int
    let headCount: Int
    let vocabularySize: Int
    /// Rows of the table of positions.
    let positionCount: Int
    /// The id of the padding, which has that row of the table and is not counted; `nil` where every token is counted, from
    /// row 0 on.
    let paddingID: Int?
    /// Classes of distances between two tokens, each with a bias on attention; 0 where it has none.
    let relativeBuckets: Int
    /// 0 where all tokens are of one type that adds nothing.
    let tokenTypeCount: Int
    let layerNormEpsilon: Float
    let activation: bk_activation

    var names: TensorNames { family.names }

    var headWidth: Int { hiddenSize / headCount }

    /// The row of the first token.
    var firstPosition: Int { paddingID.map { $0 + 1 } ?? 0 }

    /// Tokens that a text can have.
    var usablePositions: Int { positionCount - firstPosition }

    static let file = "config.json"

    /// Above these a file is not a BERT but an attempt to exhaust memory. 66,000 inputs are what `linear_s8` can sum.
    private static let maximumWidth = 65_536
    private static let maximumLayers = 256

    init(_ folder: ModelFolder) throws(BERTError) {
        let file = try folder.decode(ConfigurationFile.self, from: Self.file)
        family = try ModelFamily(modelType: file.model_type)
        guard file.position_embedding_type ?? "absolute" == "absolute" else {
            throw .unsupported("its position embeddings are not absolute")
        }
        guard file.is_decoder != true else { throw .unsupported("it is a decoder") }
        activation = try Self.activation(named: file.hidden_act ?? file.activation ?? "gelu")
        hiddenSize = try file.size("hidden_size", file.hidden_size, file.dim)
        intermediateSize = try file.size("intermediate_size", file.intermediate_size, file.hidden_dim)
        layerCount = try file.size("num_hidden_layers", file.num_hidden_layers, file.n_layers)
        headCount = try file.size("num_attention_heads", file.num_attention_heads, file.n_heads)
        vocabularySize = file.vocab_size
        positionCount = try file.size("max_position_embeddings", file.max_position_embeddings)
        paddingID =
            switch family {
            case .bert, .distilbert: nil
            case .roberta: file.pad_token_id ?? 1
            case .mpnet: 1  // whatever the file says
            }
        relativeBuckets = family == .mpnet ? file.relative_attention_num_buckets ?? 32 : 0
        tokenTypeCount = family == .bert || family == .roberta ? file.type_vocab_size ?? 2 : 0
        layerNormEpsilon = Float(file.layer_norm_eps ?? 1e-12)
        try check()
    }

    private func check() throws(BERTError) {
        let widths = [hiddenSize, intermediateSize, headCount]
        guard widths.allSatisfy({ 1...Self.maximumWidth ~= $0 }), 0...Self.maximumLayers ~= layerCount,
            hiddenSize.isMultiple(of: headCount), 1...(1 << 24) ~= vocabularySize, 3...(1 << 20) ~= positionCount,
            0..<vocabularySize ~= paddingID ?? 0, usablePositions >= 3,
            relativeBuckets == 0 || 4...256 ~= relativeBuckets,
            0...1024 ~= tokenTypeCount, layerNormEpsilon >= 0, layerNormEpsilon.isFinite
        else { throw .damaged(file: Self.file, reason: "its sizes do not make a BERT") }
    }

    private static func activation(named name: String) throws(BERTError) -> bk_activation {
        switch name {
        case "gelu": BK_GELU
        case "gelu_new", "gelu_pytorch_tanh", "gelu_fast": BK_GELU_TANH
        case "relu": BK_RELU
        case "silu", "swish": BK_SILU
        default: throw .unsupported("its activation \(name) is not known")
        }
    }
}
