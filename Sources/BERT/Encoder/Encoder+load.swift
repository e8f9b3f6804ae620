import BERTKernels
import Dispatch
import FoundationEssentials
import Synchronization

extension Encoder {
    /// Reads and packs the weights. `calibrationTexts` are tokens of typical text, which 8-bit layers are fitted to; without
    /// any there are no such layers.
    init(
        _ folder: ModelFolder, _ configuration: ModelConfiguration, kernels: Kernels, pooling: BERTPooling,
        normalizes: Bool = true, precision: BERTPrecision, maximumTokens: Int, calibrationTexts: [[Int32]]
    ) throws(BERTError) {
        let tensors = BERTTensors(try SafeTensors(folder), configuration)
        let precise: Arithmetic = precision == .exact || !kernels.has16Bit ? .float : .integer16
        self.configuration = configuration
        self.kernels = kernels
        self.maximumTokens = maximumTokens
        self.pooling = pooling
        self.normalizes = normalizes
        embeddings = try EmbeddingLayer(
            tensors, file: SafeTensors(folder), maximumTokens: maximumTokens)
        relativeBias = try RelativeBias(tensors, maximumTokens: maximumTokens)
        scratchBuffers = ScratchBufferPool(configuration, maximumTokens: max(maximumTokens, Self.batchTokens))
        precisePlan = .uniform(precise)
        fastPlan = precise == .integer16 && kernels.has8Bit && !calibrationTexts.isEmpty ? .fast : .uniform(precise)
        let rotations = Rotation.all(configuration, tokens: maximumTokens)
        layers = try concurrentMap(configuration.layerCount) { layer throws(BERTError) in
            try EncoderLayer(tensors, layer: layer, kernels, precise, rotations)
        }
        if fastPlan != precisePlan { try addFastLayers(tensors, calibrationTexts) }
    }

    private mutating func addFastLayers(_ tensors: BERTTensors, _ texts: [[Int32]]) throws(BERTError) {
        let encoder = self
        let observed = try concurrentMap(texts.count) { index throws(BERTError) in
            let observer = InputObserver(encoder.configuration)
            encoder.run([TokenSequence(ids: texts[index])], fast: false, observer: observer) { _, _ in }
            return observer.layers
        }
        let fast = try concurrentMap(layers.count) { index throws(BERTError) in
            var statistics = LayerStatistics(encoder.configuration)
            for layers in observed { statistics.merge(layers[index]) }
            let source = try LayerSource(tensors, layer: index)
            return encoder.layers[index].precise.replacing(encoder.fastPlan, source, encoder.kernels, statistics)
        }
        for (index, linears) in fast.enumerated() { layers[index].fast = linears }
    }
}

extension Encoder {
    /// Runs all sequences in batches, and hands over what `transform` makes of each result.
    func results<Value: Sendable>(
        _ sequences: [TokenSequence], on workers: Workers, _ transform: @Sendable (UnsafeBufferPointer<Float>) -> Value
    ) -> [Value] {
        let batches = EncoderBatch.batches(sequences.map(\.count))
        let results = Mutex([Value?](repeating: nil, count: sequences.count))
        let next = Atomic(0)
        @Sendable func work(_: Int) {
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < batches.count else { return }
                let batch = batches[index]
                run(batch.texts.map { sequences[$0] }, fast: batch.isFast, beforeLayer: workers.standAside) {
                    place, vector in
                    let value = transform(vector)
                    results.withLock { $0[batch.texts[place]] = value }
                }
            }
        }
        workers.perform(batches.count, work)
        return results.withLock { $0 }.compactMap(\.self)
    }
}

extension ArithmeticPlan {
    static let fast = ArithmeticPlan(
        projection: .integer8, attention: .integer16, attentionOutput: .integer8, up: .integer8, down: .integer16)
}

/// The results of `body(0) ... body(count - 1)`, computed on several threads; the first error if any failed.
func concurrentMap<Value: Sendable>(
    _ count: Int, _ body: @Sendable (Int) throws(BERTError) -> Value
) throws(BERTError) -> [Value] {
    let results = Mutex<[Result<Value, BERTError>?]>(Array(repeating: nil, count: count))
    DispatchQueue.concurrentPerform(iterations: count) { index in
        let result: Result<Value, BERTError>
        do throws(BERTError) { result = .success(try body(index)) } catch { result = .failure(error) }
        results.withLock { $0[index] = result }
    }
    var values: [Value] = []
    for case let result? in results.withLock({ $0 }) { values.append(try result.get()) }
    return values
}
