import BytePairEncoding
import Domain
import OrderedJSON
import Testing

/// The encoder against tiktoken; the fixtures are made by script/fixtures/make-token-fixtures.
@Suite(.enabled(if: Vocabulary.isThere, "script/fetch-vocabulary has not been run"))
struct BytePairEncoderTests {
    private let encoder: BytePairEncoder

    init() throws { encoder = try Vocabulary.encoder() }

    @Test func `ids equal those of tiktoken for texts of every kind`() throws {
        let cases = try Vocabulary.cases("cl100k-tokens.json")
        try #require(cases.count > 1300)
        for entry in cases {
            let text = try #require(entry[0].stringValue)
            let expected = try #require(entry[1].arrayValue).compactMap { $0.integerValue.map(Int.init) }
            let ids = encoder.ids(of: text)
            #expect(ids == expected, "\(text.debugDescription)")
            #expect(try encoder.bytes(of: ids) == Array(text.utf8))
            #expect(count(text) == expected.count)
        }
    }

    @Test func `pieces of any length are merged as tiktoken merges them`() throws {
        for entry in try Vocabulary.cases("cl100k-counts.json") {
            let part = try #require(entry[0].stringValue)
            let repetitions = Int(try #require(entry[1].integerValue))
            let tokens = count(String(repeating: part, count: repetitions))
            #expect(tokens == Int(try #require(entry[2].integerValue)), "\(part.debugDescription)")
        }
    }

    @Test func `a piece of a megabyte is no worse than a text of a megabyte`() {
        // By a search of all pairs at each step it would take days.
        #expect(count(String(repeating: "a", count: 1 << 20)) == (1 << 20) / 8)
    }

    @Test func `the first tokens take as many bytes as they are`() throws {
        for text in ["hello world", "Grüße, 👩‍👩‍👧! unbelievableness", String(repeating: "xyzzy", count: 50)] {
            let ids = encoder.ids(of: text)
            for limit in 0...ids.count + 1 {
                var text = text
                let length = text.withUTF8 { encoder.length(of: $0, tokens: limit) }
                #expect(length == (try encoder.bytes(of: Array(ids.prefix(limit)))).count)
            }
        }
    }

    @Test func `special tokens are never made, and can be read`() throws {
        #expect(count("<|endoftext|>") == 7)
        #expect(try encoder.bytes(of: [100257]) == Array("<|endoftext|>".utf8))
        for id in [-1, 100256, 100277, .max] {
            let error = #expect(throws: ServiceError.self) { _ = try encoder.bytes(of: [15339, id]) }
            #expect(error?.code == .invalid)
        }
    }

    private func count(_ text: String) -> Int {
        var text = text
        return text.withUTF8 { encoder.count($0) }
    }
}
