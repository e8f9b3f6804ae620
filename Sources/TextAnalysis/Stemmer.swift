import CStemmer

/// Brings the words of one language to their stems by Snowball's algorithm for it. Not for several threads at once.
final class Stemmer {
    private let stemmer: OpaquePointer?

    init(_ language: TextLanguage) {
        stemmer = language.algorithm.flatMap { sb_stemmer_new($0, "UTF_8") }
    }

    deinit { sb_stemmer_delete(stemmer) }

    /// The stem of a word in lower case; the word itself in a language without an algorithm.
    func stem(_ word: String) -> String {
        guard let stemmer else { return word }
        var word = word
        return word.withUTF8 { bytes in
            guard let stem = sb_stemmer_stem(stemmer, bytes.baseAddress, Int32(bytes.count)) else {
                return String(decoding: bytes, as: UTF8.self)
            }
            let count = Int(sb_stemmer_length(stemmer))
            return String(decoding: UnsafeBufferPointer(start: stem, count: count), as: UTF8.self)
        }
    }
}
