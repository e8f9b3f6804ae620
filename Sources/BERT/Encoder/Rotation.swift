#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Rotary positions (Su et al. 2021): pairs of the numbers of a query or key are turned by angles that grow with the place
/// of its token, so that their product depends on how far apart two tokens are.
struct Rotation: Sendable {
    /// Pairs of a head.
    let half: Int
    /// [tokens][half]
    let cosines: AlignedBuffer<Float>
    let sines: AlignedBuffer<Float>

    /// - Parameter base: the pair j turns by base^(-j / half) with each place.
    init(base: Double, headWidth: Int, tokens: Int) {
        half = headWidth / 2
        cosines = AlignedBuffer(count: tokens * half)
        sines = AlignedBuffer(count: tokens * half)
        for pair in 0..<half {
            // In floats, as the reference has them.
            let frequency = 1 / Float(pow(base, Double(Float(2 * pair) / Float(headWidth))))
            for place in 0..<tokens {
                let angle = Float(place) * frequency
                cosines.pointer[place * half + pair] = cos(angle)
                sines.pointer[place * half + pair] = sin(angle)
            }
        }
    }

    /// Those that the layers need, by their bases.
    static func all(_ configuration: ModelConfiguration, tokens: Int) -> [Double: Rotation] {
        let bases = Set(configuration.attention.compactMap(\.rotaryBase))
        return Dictionary(
            uniqueKeysWithValues: bases.map {
                ($0, Rotation(base: $0, headWidth: configuration.headWidth, tokens: tokens))
            })
    }
}
