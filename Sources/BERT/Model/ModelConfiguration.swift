import BERTKernels

/// The networks that are one encoder with different names and positions.
enum ModelFamily: String, Sendable {
    case bert
    /// Positions are counted from behind that of the padding, and padding in a text is not counted.
    case roberta
}

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
    /// The id of the padding, and the row of the table that it has; of a RoBERTa only.
    let paddingID: Int
    let tokenTypeCount: Int
    let layerNormEpsilon: Float
    let activation: bk_activation

    var headWidth: Int { hiddenSize / headCount }

    /// The row of the first token.
    var firstPosition: Int { family == .roberta ? paddingID + 1 : 0 }

    /// Tokens that a text can have.
    var usablePositions: Int { positionCount - firstPosition }

    static let file = "config.json"

    /// Above these a file is not a BERT but an attempt to exhaust memory. 66,000 inputs are what `linear_s8` can sum.
    private static let maximumWidth = 65_536
    private static let maximumLayers = 256

    init(_ folder: ModelFolder) throws(BERTError) {
        let file = try folder.decode(ConfigurationFile.self, from: Self.file)
        switch file.model_type {
        case "bert": family = .bert
        case "roberta", "xlm-roberta": family = .roberta
        default:
            throw .unsupported("its model_type is \(file.model_type ?? "not given"), not bert, roberta or xlm-roberta")
        }
        guard file.position_embedding_type ?? "absolute" == "absolute" else {
            throw .unsupported("its position embeddings are not absolute")
        }
        guard file.is_decoder != true else { throw .unsupported("it is a decoder") }
        activation = try Self.activation(named: file.hidden_act ?? "gelu")
        hiddenSize = file.hidden_size
        intermediateSize = file.intermediate_size
        layerCount = file.num_hidden_layers
        headCount = file.num_attention_heads
        vocabularySize = file.vocab_size
        positionCount = file.max_position_embeddings
        paddingID = family == .roberta ? file.pad_token_id ?? 1 : 0
        tokenTypeCount = file.type_vocab_size ?? 2
        layerNormEpsilon = Float(file.layer_norm_eps ?? 1e-12)
        try check()
    }

    private func check() throws(BERTError) {
        let widths = [hiddenSize, intermediateSize, headCount]
        guard widths.allSatisfy({ 1...Self.maximumWidth ~= $0 }), 0...Self.maximumLayers ~= layerCount,
            hiddenSize.isMultiple(of: headCount), 1...(1 << 24) ~= vocabularySize, 3...(1 << 20) ~= positionCount,
            0..<vocabularySize ~= paddingID, usablePositions >= 3,
            1...1024 ~= tokenTypeCount, layerNormEpsilon >= 0, layerNormEpsilon.isFinite
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

/// `config.json` as transformers writes it.
private struct ConfigurationFile: Decodable {
    let model_type: String?
    let hidden_act: String?
    let hidden_size: Int
    let intermediate_size: Int
    let num_hidden_layers: Int
    let num_attention_heads: Int
    let vocab_size: Int
    let max_position_embeddings: Int
    let pad_token_id: Int?
    let type_vocab_size: Int?
    let layer_norm_eps: Double?
    let position_embedding_type: String?
    let is_decoder: Bool?
}
