/// How the vectors of a sentence's tokens become one.
package enum BERTPooling: String, Sendable {
    case mean
    /// The vector of the first token, `[CLS]`.
    case firstToken
    /// The largest of each number.
    case maximum
    case lastToken
}

/// What is done with a pooled vector, before it is given length 1.
enum VectorStep: Sendable {
    case normalize
    case dense(DenseConfiguration)
}

/// What sentence-transformers stores around a BERT: pooling, layers behind it, and prompts. All of its files may be missing.
struct SentenceConfiguration: Sendable {
    /// Where `config.json`, the weights and the tokenizer are.
    let transformerFolder: ModelFolder
    let pooling: BERTPooling
    let steps: [VectorStep]
    let queryPrompt: String
    let passagePrompt: String

    init(_ folder: ModelFolder) throws(BERTError) {
        let modules = try folder.decodeIfPresent([ModuleEntry].self, from: "modules.json") ?? []
        var transformer = folder
        var pooling = BERTPooling.mean, isScaled = false
        var poolingPath: String? = modules.isEmpty ? "1_Pooling" : nil
        var steps: [VectorStep] = []
        for module in modules {
            switch module.kind {
            case "Transformer": transformer = try folder.subfolder(module.path)
            case "Pooling": poolingPath = module.path
            case "Normalize": steps.append(.normalize)
            case "Dense": steps.append(.dense(try DenseConfiguration(folder.subfolder(module.path))))
            default: throw .unsupported("its module \(module.type) is not known")
            }
        }
        if let poolingPath {
            let file = try folder.decodeIfPresent(PoolingFile.self, from: poolingPath + "/config.json")
            pooling = try file?.pooling ?? .mean
            isScaled = file?.isScaled ?? false
        }
        let prompts = try folder.decodeIfPresent(PromptFile.self, from: "config_sentence_transformers.json")
        let fallback = prompts?.default_prompt_name
        // The last step of all is always done.
        while case .normalize? = steps.last { steps.removeLast() }
        if isScaled, !steps.isEmpty { throw .unsupported("it has layers behind a pooling by the root of the length") }
        self.steps = steps
        transformerFolder = transformer
        self.pooling = pooling
        queryPrompt = prompts?.prompt(["query", fallback]) ?? ""
        passagePrompt = prompts?.prompt(["document", "passage", fallback]) ?? ""
    }
}

private struct ModuleEntry: Decodable {
    let path: String
    let type: String

    /// The class without its package, which has moved between versions.
    var kind: Substring { type.split(separator: ".").last ?? "" }
}

private struct PoolingFile: Decodable {
    let pooling_mode: String?
    let pooling_mode_cls_token: Bool?
    let pooling_mode_mean_tokens: Bool?
    let pooling_mode_mean_sqrt_len_tokens: Bool?
    let pooling_mode_max_tokens: Bool?
    let pooling_mode_weightedmean_tokens: Bool?
    let pooling_mode_lasttoken: Bool?
    let include_prompt: Bool?

    /// The mean times the root of the length, which differs from the mean by a factor.
    var isScaled: Bool { pooling_mode_mean_sqrt_len_tokens == true || pooling_mode == "mean_sqrt_len_tokens" }

    var pooling: BERTPooling {
        get throws(BERTError) {
            var modes: Set<String> = pooling_mode.map { [$0] } ?? []
            if pooling_mode_cls_token == true { modes.insert("cls") }
            if pooling_mode_mean_tokens == true { modes.insert("mean") }
            if pooling_mode_mean_sqrt_len_tokens == true { modes.insert("mean_sqrt_len_tokens") }
            if pooling_mode_max_tokens == true { modes.insert("max") }
            if pooling_mode_weightedmean_tokens == true { modes.insert("weightedmean") }
            if pooling_mode_lasttoken == true { modes.insert("lasttoken") }
            guard include_prompt != false else { throw .unsupported("its pooling leaves out the prompt") }
            switch modes {
            case ["cls"]: return .firstToken
            // Normalization takes the factor away.
            case ["mean"], ["mean_sqrt_len_tokens"]: return .mean
            case ["max"]: return .maximum
            case ["lasttoken"]: return .lastToken
            default: throw .unsupported("its pooling is \(modes.sorted().joined(separator: " with "))")
            }
        }
    }
}

private struct PromptFile: Decodable {
    let prompts: [String: String]?
    let default_prompt_name: String?

    func prompt(_ names: [String?]) -> String? {
        for case let name? in names {
            if let prompt = prompts?[name] { return prompt }
        }
        return nil
    }
}
