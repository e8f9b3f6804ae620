package import Domain

/// OpenAI's byte-pair encoding cl100k_base, of GPT-3.5, GPT-4 and the embedding models of their time: the ids are those of
/// tiktoken's `encode_ordinary`, so what looks like a special token is text.
package struct BytePairEncoder: TokenVocabulary {
    private let table: TokenTable

    /// Names of special tokens, which texts are never made of but lists of tokens may hold.
    private static let specialTokens = [
        100257: "<|endoftext|>", 100258: "<|fim_prefix|>", 100259: "<|fim_middle|>", 100260: "<|fim_suffix|>",
        100276: "<|endofprompt|>",
    ]

    init(_ table: TokenTable) { self.table = table }

    package func ids(of text: String) -> [Int] {
        var ids: [Int] = []
        var text = text
        text.withUTF8 { bytes in
            forEachToken(bytes) { range in
                ids.append(table.id(of: UnsafeBufferPointer(rebasing: bytes[range])) ?? 0)
                return true
            }
        }
        return ids
    }

    package func count(_ text: UnsafeBufferPointer<UInt8>) -> Int {
        var count = 0
        forEachToken(text) { _ in
            count += 1
            return true
        }
        return count
    }

    package func length(of text: UnsafeBufferPointer<UInt8>, tokens limit: Int) -> Int {
        var count = 0
        var length = 0
        forEachToken(text) { range in
            guard count < limit else { return false }
            count += 1
            length = range.upperBound
            return true
        }
        return length
    }

    package func bytes(of tokens: [Int]) throws(ServiceError) -> [UInt8] {
        var bytes: [UInt8] = []
        for id in tokens {
            if id >= 0, id < table.count {
                bytes.append(contentsOf: table.bytes(of: id))
            } else if let name = Self.specialTokens[id] {
                bytes.append(contentsOf: name.utf8)
            } else {
                throw .invalid("\(id) is no token of cl100k_base.")
            }
        }
        return bytes
    }

    /// Calls `body` with the range of each token, in order, as long as it returns `true`.
    private func forEachToken(_ text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Bool) {
        var scanner = WordScanner(text)
        var merger = PairMerger(table)
        var goesOn = true
        while goesOn, let range = scanner.next() {
            let piece = UnsafeBufferPointer(rebasing: text[range])
            if table.id(of: piece) != nil {
                goesOn = body(range)
            } else {
                merger.merge(piece) { part in
                    goesOn = body(range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound)
                    return goesOn
                }
            }
        }
    }
}
