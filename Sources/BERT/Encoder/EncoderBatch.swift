/// Texts that go through the encoder together.
struct EncoderBatch: Sendable {
    /// Indices into what the batches were made of.
    var texts: [Int]
    let isFast: Bool

    /// A text of fewer tokens is computed precisely: few tokens are pooled, so their errors do not average away.
    static let fastMinimumTokens = 64

    /// Batches of up to `Encoder.batchTokens` tokens, the longest texts first, so that threads that take one after another
    /// end at about the same time.
    ///
    /// Whether a text is computed precisely depends on its own length alone, so its vector does not depend on its company.
    static func batches(_ lengths: [Int]) -> [EncoderBatch] {
        var batches: [EncoderBatch] = []
        var room = 0
        for text in lengths.indices.sorted(by: { (-lengths[$0], $0) < (-lengths[$1], $1) }) {
            let length = lengths[text], isFast = length >= fastMinimumTokens
            if let last = batches.indices.last, length <= room, batches[last].isFast == isFast {
                batches[last].texts.append(text)
                room -= length
            } else {
                batches.append(EncoderBatch(texts: [text], isFast: isFast))
                room = Encoder.batchTokens - length
            }
        }
        return batches
    }
}
