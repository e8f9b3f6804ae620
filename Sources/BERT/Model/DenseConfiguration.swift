import BERTKernels

/// The shape of a linear layer behind the pooling, from the `config.json` of its folder.
struct DenseConfiguration: Sendable {
    enum Activation: Sendable {
        case tanh
        case kernel(bk_activation)
    }

    let folder: ModelFolder
    let inputs: Int
    let outputs: Int
    let hasBias: Bool
    let activation: Activation

    private static let maximumWidth = 65_536

    init(_ folder: ModelFolder) throws(BERTError) {
        let file = try folder.decode(DenseFile.self, from: ModelConfiguration.file)
        guard [file.in_features, file.out_features].allSatisfy({ 1...Self.maximumWidth ~= $0 }) else {
            throw .damaged(file: ModelConfiguration.file, reason: "its dense layer has impossible sizes")
        }
        self.folder = folder
        inputs = file.in_features
        outputs = file.out_features
        hasBias = file.bias ?? true
        // A class, whose package is of no interest.
        let name = file.activation_function.flatMap { $0.split(separator: ".").last } ?? "Tanh"
        switch name {
        case "Tanh": activation = .tanh
        case "Identity": activation = .kernel(BK_IDENTITY)
        case "ReLU": activation = .kernel(BK_RELU)
        case "GELU": activation = .kernel(BK_GELU)
        case "SiLU": activation = .kernel(BK_SILU)
        default: throw .unsupported("its dense layer has the activation \(name)")
        }
    }
}

private struct DenseFile: Decodable {
    let in_features: Int
    let out_features: Int
    let bias: Bool?
    let activation_function: String?
}
