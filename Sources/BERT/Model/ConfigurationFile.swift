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
    // ModernBERT
    let hidden_activation: String?
    let norm_eps: Double?
    let norm_bias: Bool?
    let attention_bias: Bool?
    let mlp_bias: Bool?
    let global_attn_every_n_layers: Int?
    let local_attention: Int?
    let layer_types: [String]?
    let global_rope_theta: Double?
    let local_rope_theta: Double?
    // NomicBERT, older files
    let activation_function: String?
    let n_embd: Int?
    let n_inner: Int?
    let n_layer: Int?
    let n_head: Int?
    let n_positions: Int?
    let layer_norm_epsilon: Double?
    let prenorm: Bool?
    let parallel_block: Bool?
    let qkv_proj_bias: Bool?
    let mlp_fc1_bias: Bool?
    let mlp_fc2_bias: Bool?
    let use_rms_norm: Bool?
    let num_experts: Int?
    let rotary_emb_base: Double?
    let rotary_emb_fraction: Double?
    let rotary_emb_interleaved: Bool?
    let rotary_emb_scale_base: Double?
    // Newer files of both
    let rope_parameters: RotaryParameters?
    let head_dim: Int?

    /// Of all layers, or of each of the two kinds of ModernBERT's.
    struct RotaryParameters: Decodable {
        struct Kind: Decodable {
            let rope_theta: Double?
            let rope_type: String?
        }

        let rope_theta: Double?
        let rope_type: String?
        let full_attention: Kind?
        let sliding_attention: Kind?

        var types: [String] { [rope_type, full_attention?.rope_type, sliding_attention?.rope_type].compactMap(\.self) }
    }

    /// What a NomicBERT may be and this encoder does not compute; `nil` where there is nothing of the kind.
    var unknownOfNomic: String? {
        if num_experts ?? 0 > 0 { return "it is a mixture of experts" }
        if prenorm == true || parallel_block == true { return "its layers are arranged in another way" }
        if qkv_proj_bias == true || mlp_fc1_bias == true || mlp_fc2_bias == true { return "its layers have biases" }
        if use_rms_norm == true { return "its normalization is another" }
        if rotary_emb_interleaved == true || rotary_emb_fraction ?? 1 != 1 || rotary_emb_scale_base != nil {
            return "its rotary positions are others"
        }
        return nil
    }

    /// The first that is there; `name` is the usual one.
    func size(_ name: String, _ values: Int?...) throws(BERTError) -> Int {
        guard let value = values.lazy.compactMap(\.self).first else {
            throw .damaged(file: ModelConfiguration.file, reason: "it has no \(name)")
        }
        return value
    }
}
