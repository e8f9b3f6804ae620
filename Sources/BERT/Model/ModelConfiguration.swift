import BERTKernels

/// How the tokens of one layer attend to each other.
struct LayerAttention: Sendable {
    /// The base of the angles of rotary positions; `nil` where positions are not rotary.
    var rotaryBase: Double?
    /// The largest distance of two tokens that attend to each other; `nil` where all do.
    var window: Int?
}

/// The shape of the network, from `config.json`; all of it is checked, so that nothing later has to be.
struct ModelConfiguration: Sendable {
    let family: ModelFamily
    let hiddenSize: Int
    let intermediateSize: Int
    let layerCount: Int
    let headCount: Int
    let vocabularySize: Int
    /// Rows of the table of positions, or how many tokens rotary positions are meant for.
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
    /// Of each layer.
    let attention: [LayerAttention]
    /// Which layers have a shift beside their weights.
    let biases: Biases

    struct Biases: Sendable {
        var attention = true
        var transform = true
        var norms = true
    }

    /// Whether the two-layer network has a second first layer, which is multiplied with the first.
    var isGated: Bool { family == .modernbert || family == .nomic }
    /// Whether layers normalize what they are given, and add up what they make as it is.
    var normalizesFirst: Bool { family == .modernbert }
    var hasPositionTable: Bool { attention.allSatisfy { $0.rotaryBase == nil } }

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
        if family == .nomic, let unknown = file.unknownOfNomic { throw .unsupported(unknown) }
        activation = try Self.activation(
            named: file.hidden_act ?? file.activation ?? file.hidden_activation ?? file.activation_function ?? "gelu",
            gated: family == .nomic)
        hiddenSize = try file.size("hidden_size", file.hidden_size, file.dim, file.n_embd)
        intermediateSize = try file.size("intermediate_size", file.intermediate_size, file.hidden_dim, file.n_inner)
        layerCount = try file.size("num_hidden_layers", file.num_hidden_layers, file.n_layers, file.n_layer)
        headCount = try file.size("num_attention_heads", file.num_attention_heads, file.n_heads, file.n_head)
        vocabularySize = file.vocab_size
        positionCount = try file.size("max_position_embeddings", file.max_position_embeddings, file.n_positions)
        paddingID =
            switch family {
            case .bert, .distilbert, .modernbert, .nomic: nil
            case .roberta: file.pad_token_id ?? 1
            case .mpnet: 1  // whatever the file says
            }
        relativeBuckets = family == .mpnet ? file.relative_attention_num_buckets ?? 32 : 0
        tokenTypeCount = [.bert, .roberta, .nomic].contains(family) ? file.type_vocab_size ?? 2 : 0
        layerNormEpsilon = Float(
            file.layer_norm_eps ?? file.norm_eps ?? file.layer_norm_epsilon ?? (family == .modernbert ? 1e-5 : 1e-12))
        attention = try Self.attention(family, file, layers: layerCount)
        biases =
            switch family {
            case .bert, .distilbert, .mpnet, .roberta: Biases()
            case .nomic: Biases(attention: false, transform: false)
            case .modernbert:
                Biases(
                    attention: file.attention_bias ?? false, transform: file.mlp_bias ?? false,
                    norms: file.norm_bias ?? false)
            }
        try check()
        guard file.head_dim ?? headWidth == headWidth else { throw .unsupported("its heads are wider than its layers") }
    }

    private func check() throws(BERTError) {
        let widths = [hiddenSize, intermediateSize, headCount]
        guard widths.allSatisfy({ 1...Self.maximumWidth ~= $0 }), 0...Self.maximumLayers ~= layerCount,
            hiddenSize.isMultiple(of: headCount), 1...(1 << 24) ~= vocabularySize, 3...(1 << 20) ~= positionCount,
            0..<vocabularySize ~= paddingID ?? 0, usablePositions >= 3,
            relativeBuckets == 0 || 4...256 ~= relativeBuckets,
            hasPositionTable || (hiddenSize / headCount).isMultiple(of: 2),
            attention.allSatisfy({ $0.rotaryBase ?? 1 > 0 && $0.window ?? 1 > 0 && $0.window ?? 1 < 1 << 20 }),
            0...1024 ~= tokenTypeCount, layerNormEpsilon >= 0, layerNormEpsilon.isFinite
        else { throw .damaged(file: Self.file, reason: "its sizes do not make a BERT") }
    }

    /// The kinds of layer that ModernBERT has, of which every third attends to all tokens where nothing else is said.
    private static func attention(
        _ family: ModelFamily, _ file: ConfigurationFile, layers: Int
    ) throws(BERTError) -> [LayerAttention] {
        // The dynamic kind differs only beyond the positions that the model was trained with.
        for type in file.rope_parameters?.types ?? [] where !["default", "dynamic"].contains(type) {
            throw .unsupported("its rotary positions are \(type)")
        }
        let rotary = file.rope_parameters, count = max(0, min(layers, maximumLayers))
        switch family {
        case .bert, .distilbert, .mpnet, .roberta:
            return Array(repeating: LayerAttention(), count: count)
        case .nomic:
            let base = rotary?.rope_theta ?? file.rotary_emb_base ?? 1000
            return Array(repeating: LayerAttention(rotaryBase: base), count: count)
        case .modernbert:
            let period = max(1, file.global_attn_every_n_layers ?? 3)
            let types =
                file.layer_types ?? (0..<count).map { $0 % period == 0 ? "full_attention" : "sliding_attention" }
            let full = LayerAttention(
                rotaryBase: rotary?.full_attention?.rope_theta ?? file.global_rope_theta ?? 160_000)
            let sliding = LayerAttention(
                rotaryBase: rotary?.sliding_attention?.rope_theta ?? file.local_rope_theta ?? 10_000,
                window: (file.local_attention ?? 128) / 2)
            guard types.count == layers, types.allSatisfy({ ["full_attention", "sliding_attention"].contains($0) })
            else { throw .damaged(file: Self.file, reason: "its layer_types are not those of a ModernBERT") }
            return types.map { $0 == "full_attention" ? full : sliding }
        }
    }

    private static func activation(named name: String, gated: Bool) throws(BERTError) -> bk_activation {
        switch name {
        case "swiglu" where gated: BK_SILU
        case "geglu" where gated: BK_GELU
        case "gelu": BK_GELU
        case "gelu_new", "gelu_pytorch_tanh", "gelu_fast": BK_GELU_TANH
        case "relu": BK_RELU
        case "silu", "swish": BK_SILU
        default: throw .unsupported("its activation \(name) is not known")
        }
    }
}
