/// The networks that are one encoder with other names, positions and layers.
enum ModelFamily: String, Sendable, CaseIterable {
    case bert, distilbert, modernbert, mpnet
    case nomic = "nomic_bert"
    /// Also XLM-RoBERTa and CamemBERT.
    case roberta

    private static let otherNames: [String: ModelFamily] = ["xlm-roberta": .roberta, "camembert": .roberta]

    /// - Parameter modelType: as `config.json` has it.
    init(modelType: String?) throws(BERTError) {
        guard let family = modelType.flatMap({ Self(rawValue: $0) ?? Self.otherNames[$0] }) else {
            let known = (Self.allCases.map(\.rawValue) + Self.otherNames.keys).sorted().joined(separator: ", ")
            throw .unsupported("its model_type is \(modelType ?? "not given"); those that are known are \(known)")
        }
        self = family
    }

    var names: TensorNames {
        switch self {
        case .bert: .bert
        case .distilbert: .distilBERT
        case .modernbert: .modernBERT
        case .mpnet: .mpnet
        case .nomic: .nomic
        case .roberta: .roberta
        }
    }
}
