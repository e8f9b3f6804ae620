import BERT
import Foundation
import Testing

/// Byte-level tokenizers against the `tokenizers` package.
@Suite struct BytePairTokenizerTests {
    /// In the order in which `make-architecture-fixtures` has written them.
    static let variants: [(model: String, text: String, other: String)] = [
        ("roberta", "\"add_prefix_space\":false", "\"add_prefix_space\":false"),
        ("roberta", "\"add_prefix_space\":false", "\"add_prefix_space\":true"),
        ("modernbert", "\"BPE\"", "\"BPE\""),
    ]

    private func folder(_ variant: (model: String, text: String, other: String)) throws -> TemporaryFolder {
        let folder = try TemporaryFolder(copying: variant.model)
        try folder.replace(variant.text, with: variant.other, in: "tokenizer.json")
        return folder
    }

    @Test(arguments: variants.indices) func `ids equal those of the reference for strings of every kind`(
        index: Int
    ) throws {
        let folder = try folder(Self.variants[index])
        let model = try BERTModel(folder: folder.path)
        let all = try UnigramFixtures.strings()
        let strings = stride(from: 0, to: all.count, by: 3).map { all[$0] }
        let hashes = try UnigramFixtures.hashes("byte-level-tokens.bin", variant: index, count: strings.count)
        try #require(strings.count > 2000)
        for (text, hash) in zip(strings, hashes) {
            let ids = model.tokens(text), count = model.tokenCount(text)
            #expect(
                UnigramFixtures.hash(ids, count: count) == hash,
                "\(text.unicodeScalars.prefix(40).map { String($0.value, radix: 16) })")
        }
    }

    @Test func `ids give their text again`() throws {
        let model = try BERTModel(folder: ModelFiles.tiny("roberta"))
        let texts = ["the harbour master's café", " 東京 \u{1F980}\n\n x", "<mask> </s>x", "a\u{0}b\u{AD}\u{A0}c", ""]
        let decoded = try #require(model.texts(ofTokens: texts.map { model.tokens($0).map(Int.init) }))
        #expect(decoded[0] == texts[0] && decoded[1] == texts[1] && decoded[3] == texts[3] && decoded[4] == "")
        // The mask has taken the space behind it along, and ends of texts stand for no part of them.
        #expect(decoded[2] == "<mask> x")
        for wrong in [-1, 100_000, Int.max] { #expect(model.texts(ofTokens: [[5], [wrong]]) == nil) }
    }

    @Test func `words of any length are merged as they would be pair by pair`() throws {
        let model = try BERTModel(folder: ModelFiles.tiny("roberta"))
        let merges = try Self.merges()
        for unit in ["the", "ab", "aa", "é", "master"] {
            // Around the length from which a heap is used, every merge must be the same.
            for count in [1, 2, 5, 8, 9, 16, 17, 24, 25, 48, 49] {
                let word = String(repeating: unit, count: count)
                #expect(model.tokenCount(word) == slowCount(word, merges) + 2, "\(word)")
            }
        }
        #expect(model.tokenCount(String(repeating: "a", count: 200_000)) > 10)
    }

    /// Again and again the first merge that there is.
    private func slowCount(_ word: String, _ merges: [[String]: Int]) -> Int {
        // These bytes stand for the characters with their numbers.
        var parts = word.utf8.map { String(UnicodeScalar($0)) }
        while true {
            let ranks = parts.indices.dropLast().map { (merges[[parts[$0], parts[$0 + 1]]] ?? .max, $0) }
            guard let (rank, place) = ranks.min(by: <), rank < .max else { return parts.count }
            parts[place] += parts.remove(at: place + 1)
        }
    }

    private struct File: Decodable {
        struct Model: Decodable {
            let vocab: [String: Int]
            let merges: [[String]]
        }
        let model: Model

        static func load() throws -> Model {
            try JSONDecoder().decode(File.self, from: ModelFiles.data("models/roberta/tokenizer.json")).model
        }
    }

    private static func merges() throws -> [[String]: Int] {
        Dictionary(uniqueKeysWithValues: try File.load().merges.enumerated().map { ($1, $0) })
    }

    @Test func `a vocabulary and merges in files of their own are the same`() throws {
        let folder = try TemporaryFolder(copying: "roberta"), file = try File.load()
        try FileManager.default.removeItem(at: folder.url.appending(path: "tokenizer.json"))
        #expect(throws: BERTError.fileMissing("tokenizer.json")) { try BERTModel(folder: folder.path) }
        var vocabulary = file.vocab
        vocabulary["<mask>"] = 512
        try folder.write(JSONEncoder().encode(vocabulary), to: "vocab.json")
        let lines = ["#version: 0.2"] + file.merges.map { $0.joined(separator: " ") }
        try folder.write(Data((lines.joined(separator: "\n") + "\n").utf8), to: "merges.txt")
        let old = try BERTModel(folder: folder.path), new = try BERTModel(folder: ModelFiles.tiny("roberta"))
        for text in try UnigramFixtures.strings().prefix(500) { #expect(old.tokens(text) == new.tokens(text)) }
        #expect(old.tokens("a <mask> b") == new.tokens("a <mask> b"))
        try folder.write(Data("{\"add_prefix_space\": true}".utf8), to: "tokenizer_config.json")
        #expect(try BERTModel(folder: folder.path).tokens("the") == new.tokens(" the"))
        try folder.write(Data("{\"<s>\": 0}, {".utf8), to: "vocab.json")
        #expect(throws: BERTError.self) { try BERTModel(folder: folder.path) }
    }

    @Test func `older files write a merge as one string`() throws {
        let folder = try TemporaryFolder(copying: "roberta")
        var text = String(decoding: try folder.read("tokenizer.json"), as: UTF8.self)
        let start = try #require(text.range(of: "\"merges\":["))
        let head = text[..<start.upperBound]
        let tail = text[start.upperBound...].replacing("\",\"", with: " ").replacing("] [", with: "],[")
        text = String(head) + tail.replacing("[\"", with: "\"").replacing("\"]", with: "\"")
        try folder.write(Data(text.utf8), to: "tokenizer.json")
        let old = try BERTModel(folder: folder.path), new = try BERTModel(folder: ModelFiles.tiny("roberta"))
        for text in ["the harbour master inspects", "café 中文"] { #expect(old.tokens(text) == new.tokens(text)) }
    }

    @Test(arguments: [
        ("\"use_regex\":true", "\"use_regex\":false"), ("\"ByteLevel\",\"add", "\"Whitespace\",\"add"),
        ("\"ignore_merges\":false", "\"ignore_merges\":true"),
        ("\"end_of_word_suffix\":null", "\"end_of_word_suffix\":\"</w>\""),
        ("\"continuing_subword_prefix\":null", "\"continuing_subword_prefix\":\"##\""),
        ("\"merges\":[[\"", "\"merges\":[[\"nowhere"), ("\"merges\":[[\"", "\"merges\":[[\"a\",\""),
        ("\"BPE\"", "\"WordPiece\""), ("\"ĉ\":", "\"ĉĉ\":"), ("\"ĉ\":", "\"ĉĉ\":999999999,\"ĉ\":"),
    ]) func `what is not known is refused`(text: String, other: String) throws {
        let folder = try TemporaryFolder(copying: "roberta")
        try folder.replace(text, with: other, in: "tokenizer.json")
        #expect(throws: BERTError.self) { try BERTModel(folder: folder.path) }
    }

    @Test func `every cut of the tokenizer's file is refused`() throws {
        let folder = try TemporaryFolder(copying: "roberta")
        let whole = try folder.read("tokenizer.json")
        for length in stride(from: 0, to: whole.count - 2, by: 379) {
            try folder.write(whole.prefix(length), to: "tokenizer.json")
            #expect(throws: BERTError.self) { try BERTModel(folder: folder.path) }
        }
    }
}
