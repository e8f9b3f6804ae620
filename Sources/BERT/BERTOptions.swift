/// How exactly the network is computed.
package enum BERTPrecision: String, Sendable {
    /// In integers wherever the CPU multiplies them faster; every vector within a cosine of 0.999 of `exact`.
    case fast
    /// In 32-bit floats.
    case exact
}

/// What may be said about a model beyond its files; `nil` leaves it to them.
package struct BERTOptions: Sendable {
    /// The model as it is named on the wire; else the name of its folder.
    package var id: String?
    package var precision = BERTPrecision.fast
    package var pooling: BERTPooling?
    /// Put in front of every text of that role.
    package var queryPrompt: String?
    package var passagePrompt: String?
    /// Special tokens included; never more than 512 or than the model has positions.
    package var maximumTokens: Int?
    /// The longest chunk to cut texts into, in UTF-16 code units.
    package var maximumChunkLength = 1000
    /// The fastest instruction set to use: `portable`, `avx2`, `avx512` or `avx512vnni`; else the best there is.
    package var instructionSet: String?

    package init() {}
}
