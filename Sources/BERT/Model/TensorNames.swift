/// What the tensors of a family are called, as transformers writes them. Names of layers are behind that of their layer.
struct TensorNames: Sendable {
    /// In front of all names where the file was written by a model with a head; any of these, or nothing.
    let prefixes: [String]
    var words = "embeddings.word_embeddings.weight"
    var positions = "embeddings.position_embeddings.weight"
    var types = "embeddings.token_type_embeddings.weight"
    var embeddingNorm = "embeddings.LayerNorm"
    var relativeBias = "encoder.relative_attention_bias.weight"
    var layers = "encoder.layer."
    /// Queries, keys and values: a tensor for each, or one with the rows of all three.
    var projection = ["attention.self.query", "attention.self.key", "attention.self.value"]
    var attentionOutput = "attention.output.dense"
    var attentionNorm = "attention.output.LayerNorm"
    /// The first layer of the two-layer network. Where it is gated: the half that goes through the activation and the one
    /// that is let through, a tensor for each, or one with the rows of both.
    var up = ["intermediate.dense"]
    var down = "output.dense"
    var outputNorm = "output.LayerNorm"

    /// Behind the last layer, where layers normalize what they are given and not what they make.
    var finalNorm = ""

    static let bert = TensorNames(prefixes: ["bert."])
    static let roberta = TensorNames(prefixes: ["roberta."])
    static let mpnet = TensorNames(
        prefixes: ["mpnet."], projection: ["attention.attn.q", "attention.attn.k", "attention.attn.v"],
        attentionOutput: "attention.attn.o", attentionNorm: "attention.LayerNorm")
    static let distilBERT = TensorNames(
        prefixes: ["distilbert."], layers: "transformer.layer.",
        projection: ["attention.q_lin", "attention.k_lin", "attention.v_lin"], attentionOutput: "attention.out_lin",
        attentionNorm: "sa_layer_norm", up: ["ffn.lin1"], down: "ffn.lin2", outputNorm: "output_layer_norm")
    static let nomic = TensorNames(
        prefixes: ["bert.", "nomic_bert."], embeddingNorm: "emb_ln", layers: "encoder.layers.",
        projection: ["attn.Wqkv"],
        attentionOutput: "attn.out_proj", attentionNorm: "norm1", up: ["mlp.fc12", "mlp.fc11"], down: "mlp.fc2",
        outputNorm: "norm2")
    /// `outputNorm` is that of the next layer's attention.
    static let modernBERT = TensorNames(
        prefixes: ["model."], words: "embeddings.tok_embeddings.weight", embeddingNorm: "embeddings.norm",
        layers: "layers.", projection: ["attn.Wqkv"], attentionOutput: "attn.Wo", attentionNorm: "mlp_norm",
        up: ["mlp.Wi"], down: "mlp.Wo", outputNorm: "attn_norm", finalNorm: "final_norm")

    func inLayer(_ layer: Int, _ name: String) -> String { "\(layers)\(layer).\(name)" }
}
