import BERTKernels

/// Which arithmetic each linear layer, and attention, is computed in.
struct ArithmeticPlan: Sendable, Equatable {
    var projection: Arithmetic
    var attention: Arithmetic
    var attentionOutput: Arithmetic
    var up: Arithmetic
    var down: Arithmetic

    static func uniform(_ arithmetic: Arithmetic) -> ArithmeticPlan {
        ArithmeticPlan(
            projection: arithmetic, attention: arithmetic, attentionOutput: arithmetic, up: arithmetic,
            down: arithmetic)
    }
}

/// The packed linear layers of an encoder layer.
struct LayerLinears: Sendable {
    var projection: Linear
    var attentionOutput: Linear
    var up: Linear
    var down: Linear

    init(_ source: LayerSource, _ kernels: Kernels, _ arithmetic: Arithmetic) {
        projection = Linear(source.projection, kernels, arithmetic)
        attentionOutput = Linear(source.attentionOutput, kernels, arithmetic)
        up = Linear(source.up, kernels, arithmetic)
        down = Linear(source.down, kernels, arithmetic)
    }

    /// These, with those that `plan` wants in 8 bits packed anew.
    func replacing(
        _ plan: ArithmeticPlan, _ source: LayerSource, _ kernels: Kernels, _ statistics: LayerStatistics
    ) -> LayerLinears {
        var linears = self
        if plan.projection == .integer8 {
            linears.projection = Linear(source.projection, kernels, .integer8, statistics: statistics.projection)
        }
        if plan.attentionOutput == .integer8 {
            linears.attentionOutput = Linear(
                source.attentionOutput, kernels, .integer8, statistics: statistics.attentionOutput)
        }
        if plan.up == .integer8 { linears.up = Linear(source.up, kernels, .integer8, statistics: statistics.up) }
        if plan.down == .integer8 {
            linears.down = Linear(source.down, kernels, .integer8, statistics: statistics.down)
        }
        return linears
    }
}

/// What the four linear layers of an encoder layer were given.
struct LayerStatistics: Sendable {
    var projection: InputStatistics
    var attentionOutput: InputStatistics
    var up: InputStatistics
    var down: InputStatistics

    init(_ configuration: ModelConfiguration) {
        projection = InputStatistics(inputs: padded(configuration.hiddenSize))
        attentionOutput = InputStatistics(inputs: AttentionLayout(configuration).columns)
        up = projection
        down = InputStatistics(inputs: padded(configuration.intermediateSize))
    }

    mutating func merge(_ other: LayerStatistics) {
        projection.merge(other.projection)
        attentionOutput.merge(other.attentionOutput)
        up.merge(other.up)
        down.merge(other.down)
    }
}

/// One layer of the encoder: attention and a two-layer network, each added to its input and normalized.
struct EncoderLayer: Sendable {
    /// For every sequence without `fast`, and for short ones, whose error no pooling averages away.
    let precise: LayerLinears
    /// For long sequences; `nil` where there is nothing faster than `precise`.
    var fast: LayerLinears?
    /// Behind attention.
    let attentionNorm: LayerNorm
    /// Behind the two-layer network.
    let outputNorm: LayerNorm
    /// The largest distance of two tokens that attend to each other; 0 where all do.
    let window: Int
    /// `nil` where positions are not rotary.
    let rotation: Rotation?

    /// - Parameter rotations: those of all layers, by their bases.
    init(
        _ tensors: BERTTensors, layer: Int, _ kernels: Kernels, _ arithmetic: Arithmetic,
        _ rotations: [Double: Rotation]
    ) throws(BERTError) {
        let configuration = tensors.configuration, names = configuration.names
        precise = LayerLinears(try LayerSource(tensors, layer: layer), kernels, arithmetic)
        attentionNorm = try LayerNorm(tensors, names.inLayer(layer, names.attentionNorm))
        outputNorm = try LayerNorm(tensors, Self.outputNorm(layer, configuration))
        window = configuration.attention[layer].window ?? 0
        rotation = configuration.attention[layer].rotaryBase.flatMap { rotations[$0] }
    }

    /// Where layers normalize what they are given, what the network makes is normalized by the layer that follows.
    private static func outputNorm(_ layer: Int, _ configuration: ModelConfiguration) -> String {
        let names = configuration.names
        guard configuration.normalizesFirst else { return names.inLayer(layer, names.outputNorm) }
        return layer + 1 < configuration.layerCount ? names.inLayer(layer + 1, names.outputNorm) : names.finalNorm
    }
}
