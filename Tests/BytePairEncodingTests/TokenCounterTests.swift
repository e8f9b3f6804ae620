import BytePairEncoding
import Domain
import Testing

/// Counting, cutting and shortening, with the vocabulary and without.
@Suite(.enabled(if: Vocabulary.isThere, "script/fetch-vocabulary has not been run"))
struct TokenCounterTests {
    private static let texts = [
        "hello world", "The harbour opens at seven; the ferry leaves at eight, and returns at nine. " + "Überfahrt",
        String(repeating: "港口七点开放。", count: 40), String(repeating: "👩‍👩‍👧 e\u{301}", count: 30),
        String(repeating: "a", count: 3000), String(repeating: " \n", count: 200),
    ]
    private let exact: TokenCounter

    init() throws {
        let encoder = try Vocabulary.encoder()
        exact = TokenCounter { encoder }
    }

    @Test func `counts are the vocabulary's`() {
        #expect(exact.tokens(in: "hello world") == 2)
        #expect(exact.tokens(in: "") == 0)
        #expect(TokenCounter.estimate.exact == nil && exact.exact != nil)
    }

    @Test(arguments: [0, 1, 2, 3, 10, 50, 1000])
    func `a beginning has as many tokens as it may, and ends between two characters`(limit: Int) {
        for text in Self.texts {
            let prefix = exact.prefix(of: text, tokens: limit)
            #expect(text.hasPrefix(prefix) && exact.tokens(in: String(prefix)) <= limit)
            if prefix.endIndex < text.endIndex {
                let longer = text[...prefix.endIndex]
                // A character more is a token more, or nearly: characters of several tokens are not cut.
                #expect(exact.tokens(in: String(longer)) + 12 > limit)
            } else {
                #expect(exact.tokens(in: text) <= limit)
            }
        }
    }

    @Test(arguments: [20, 60, 200])
    func `what is shortened keeps its beginning and its end and stays within its limit`(limit: Int) {
        for text in Self.texts {
            for counter in [exact, .estimate] {
                let short = counter.shortened(text, to: limit)
                #expect(counter.tokens(in: short) <= limit)
                if counter.tokens(in: text) <= limit { #expect(short == text) }
            }
        }
        let text = (0..<500).map { "line \($0)" }.joined(separator: "\n")
        let short = exact.shortened(text, to: 60)
        #expect(short.hasPrefix("line 0\n") && short.hasSuffix("line 499") && short.contains("[...]"))
        #expect(exact.tokens(in: short) >= 50)
    }

    @Test func `a file that is missing or damaged leaves the estimate`() throws {
        let missing = VocabularyFile(path: "/nonexistent/cl100k_base.tiktoken")
        #expect(missing.vocabulary == nil)
        try Vocabulary.withFile("IQ== 0\nIg== 7\n") { path in
            let damaged = VocabularyFile(path: path)
            let counter = TokenCounter { damaged.vocabulary }
            #expect(counter.tokens(in: "hello world") == TokenEstimate.tokens(in: "hello world"))
            #expect(throws: ServiceError.self) { _ = try BytePairEncoder(file: path) }
        }
    }
}
