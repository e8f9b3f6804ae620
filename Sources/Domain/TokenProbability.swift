/// How likely a model held a token of its reply to be.
package struct TokenProbability: Sendable, Equatable {
    package var token: String
    /// Natural logarithm of the probability.
    package var logarithm: Double
    /// Of the token in UTF-8, where the provider says: a token may be part of a character.
    package var bytes: [UInt8]?
    /// The likeliest tokens at this place, without alternatives of their own.
    package var alternatives: [TokenProbability]

    package init(token: String, logarithm: Double, bytes: [UInt8]?, alternatives: [TokenProbability] = []) {
        self.token = token
        self.logarithm = logarithm
        self.bytes = bytes
        self.alternatives = alternatives
    }
}
