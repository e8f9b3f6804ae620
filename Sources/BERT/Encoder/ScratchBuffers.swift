import BERTKernels
import Synchronization

/// The intermediate numbers of one run of the encoder, used by one thread at a time.
final class ScratchBuffers: Sendable {
    /// Rows that the two-layer network is computed for at once, so that its wide middle stays in the second-level cache.
    static let innerRows = 96

    let x: AlignedBuffer<Float>
    /// What a layer is given; `x` itself where that is not normalized first.
    let input: AlignedBuffer<Float>
    let y: AlignedBuffer<Float>
    let projected: AlignedBuffer<Float>
    let context: AlignedBuffer<Float>
    let inner: AlignedBuffer<Float>
    let quantized: AlignedBuffer<Int16>
    let scales: AlignedBuffer<Float>
    let minimums: AlignedBuffer<Float>
    let attention: AlignedBuffer<UInt8>

    init(_ configuration: ModelConfiguration, maximumTokens: Int) {
        let hidden = padded(configuration.hiddenSize), layout = AttentionLayout(configuration)
        let halves = configuration.isGated ? 2 : 1
        let innerCount = Self.innerRows * padded(configuration.intermediateSize) * halves
        x = AlignedBuffer(count: maximumTokens * hidden)
        input = configuration.normalizesFirst ? AlignedBuffer(count: x.count) : x
        y = AlignedBuffer(count: maximumTokens * hidden)
        projected = AlignedBuffer(count: maximumTokens * layout.columns * 3)
        context = AlignedBuffer(count: maximumTokens * layout.columns)
        inner = AlignedBuffer(count: innerCount)
        quantized = AlignedBuffer(count: max(maximumTokens * max(hidden, layout.columns), innerCount))
        scales = AlignedBuffer(count: max(maximumTokens, Self.innerRows))
        minimums = AlignedBuffer(count: scales.count)
        attention = AlignedBuffer(
            count: bk_attention_scratch(Int32(maximumTokens), Int32(layout.paddedHeadWidth)))
    }

    var quantization: QuantizationScratch {
        QuantizationScratch(values: quantized.pointer, scales: scales.pointer, minimums: minimums.pointer)
    }
}

/// Scratch buffers that are not in use, kept because clearing megabytes for every query would take longer than the query.
final class ScratchBufferPool: Sendable {
    private let configuration: ModelConfiguration
    private let maximumTokens: Int
    private let idle = Mutex<[ScratchBuffers]>([])

    init(_ configuration: ModelConfiguration, maximumTokens: Int) {
        self.configuration = configuration
        self.maximumTokens = maximumTokens
    }

    func withBuffers<Value>(_ body: (ScratchBuffers) -> Value) -> Value {
        let scratch =
            idle.withLock { $0.popLast() } ?? ScratchBuffers(configuration, maximumTokens: maximumTokens)
        defer { idle.withLock { $0.append(scratch) } }
        return body(scratch)
    }
}
