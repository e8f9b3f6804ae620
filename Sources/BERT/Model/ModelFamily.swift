/// The networks that are one encoder with other names, positions and layers.
enum ModelFamily: String, Sendable, CaseIterable {
    case bert, distilbert, mpnet
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
        case .mpnet: .mpnet
        case .roberta: .roberta
        }
    }
}
