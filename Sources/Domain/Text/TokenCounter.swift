/// A vocabulary of tokens that texts can be counted in exactly.
package protocol TokenVocabulary: Sendable {
    /// Tokens of the whole text.
    func count(_ text: UnsafeBufferPointer<UInt8>) -> Int
    /// How many bytes of UTF-8 the first `limit` tokens take; all of them where there are fewer.
    func length(of text: UnsafeBufferPointer<UInt8>, tokens limit: Int) -> Int
    /// The bytes that the tokens stand for.
    ///
    /// - Throws: `invalid` where one of them is none.
    func bytes(of tokens: [Int]) throws(ServiceError) -> [UInt8]
}

/// How many tokens a language model makes of a text, by OpenAI's cl100k_base: exactly where its vocabulary is on this
/// machine, else by `TokenEstimate`.
package struct TokenCounter: Sendable {
    /// For what needs no exact numbers.
    package static let estimate = TokenCounter { nil }

    private let vocabulary: @Sendable () -> (any TokenVocabulary)?
    private let counts = RecentCounts()

    /// - Parameter vocabulary: asked for at each count, so that it can be loaded when it is needed first.
    package init(vocabulary: @escaping @Sendable () -> (any TokenVocabulary)?) { self.vocabulary = vocabulary }

    /// The vocabulary that counts are exact in, if there is one.
    package var exact: (any TokenVocabulary)? { vocabulary() }

    /// Tokens of the whole text; 0 only for an empty one.
    package func tokens(in text: String) -> Int {
        guard let vocabulary = vocabulary() else { return TokenEstimate.tokens(in: text) }
        return counts.count(of: text) { text in
            var text = text
            return text.withUTF8 { vocabulary.count($0) }
        }
    }

    /// The longest beginning, or nearly, that ends between two characters and has `limit` tokens or fewer.
    package func prefix(of text: String, tokens limit: Int) -> Substring {
        guard limit > 0 else { return text[..<text.startIndex] }
        guard let vocabulary = vocabulary() else { return TokenEstimate.prefix(of: text, tokens: limit) }
        var text = text
        var length = text.withUTF8 { vocabulary.length(of: $0, tokens: limit) }
        if length == text.utf8.count { return text[...] }
        // A token that is cut to end between two characters may fall into several.
        for slack in 1... {
            let prefix = text[..<text.startOfCharacter(at: text.utf8.index(text.startIndex, offsetBy: length))]
            if prefix.isEmpty || tokens(in: String(prefix)) <= limit { return prefix }
            length = text.withUTF8 { vocabulary.length(of: $0, tokens: max(0, limit - slack)) }
        }
        return ""
    }

    /// The text itself where it has `limit` tokens or fewer, else its beginning and its end with `marker` between them.
    /// Less than that is left where the limit is hardly more than the marker.
    package func shortened(_ text: String, to limit: Int, marker: String = "\n\n[...]\n\n") -> String {
        let total = tokens(in: text)
        guard total > limit else { return text }
        // A text joined from counted parts may be a token or two off their sum, hence the second and third try.
        for slack in [1, 4, 16] {
            let room = limit - tokens(in: marker) - slack
            guard room > 1 else { break }
            let end = text[text.endOfCharacter(at: prefix(of: text, tokens: total - room / 2).endIndex)...]
            let result = String(prefix(of: text, tokens: room - room / 2)) + marker + end
            if tokens(in: result) <= limit { return result }
        }
        return String(prefix(of: text, tokens: limit))
    }
}

extension String {
    /// The start of the character that holds `index`.
    func startOfCharacter(at index: Index) -> Index {
        // `index(after:)` begins by rounding down, and the step back undoes its step.
        index < endIndex ? self.index(before: self.index(after: index)) : index
    }

    /// The end of the character that holds `index`; `index` itself where that stands between two.
    fileprivate func endOfCharacter(at index: Index) -> Index {
        let start = startOfCharacter(at: index)
        return start < index ? self.index(after: start) : index
    }
}
