/// `config.json` as transformers writes it; families spell the same differently.
struct ConfigurationFile: Decodable {
    let model_type: String?
    let vocab_size: Int
    let pad_token_id: Int?
    let type_vocab_size: Int?
    let position_embedding_type: String?
    let is_decoder: Bool?
    // Most families
    let hidden_act: String?
    let hidden_size: Int?
    let intermediate_size: Int?
    let num_hidden_layers: Int?
    let num_attention_heads: Int?
    let max_position_embeddings: Int?
    let layer_norm_eps: Double?
    // DistilBERT
    let activation: String?
    let dim: Int?
    let hidden_dim: Int?
    let n_layers: Int?
    let n_heads: Int?
    // MPNet
    let relative_attention_num_buckets: Int?

    /// The first that is there; `name` is the usual one.
    func size(_ name: String, _ values: Int?...) throws(BERTError) -> Int {
        guard let value = values.lazy.compactMap(\.self).first else {
            throw .damaged(file: ModelConfiguration.file, reason: "it has no \(name)")
        }
        return value
    }
}
