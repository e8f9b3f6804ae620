import BERT
import Domain
import Foundation
import TestSupport
import Testing

/// Tokenizers with a `Unigram` vocabulary against the `tokenizers` package.
@Suite struct UnigramTokenizerTests {
    @Test func `ids equal those of the reference for strings of every kind`() throws {
        let model = try BERTModel(folder: ModelFiles.tiny("xlm-roberta"))
        let strings = try UnigramFixtures.strings(), expected = try UnigramFixtures.tokens(count: strings.count)
        #expect(strings.count >= 6000)
        for (text, tokens) in zip(strings, expected) {
            #expect(
                model.tokens(text) == tokens.ids,
                "\(text.unicodeScalars.prefix(40).map { String($0.value, radix: 16) })")
            #expect(model.tokenCount(text) == tokens.count)
        }
    }

    @Test(arguments: try UnigramFixtures.variants().indices)
    func `ids equal those of the reference with other normalizers and pre-tokenizers`(index: Int) throws {
        let variant = try UnigramFixtures.variants()[index]
        let folder = try TemporaryFolder(copying: variant.base)
        try folder.write(variant.tokenizer(), to: "tokenizer.json")
        let model = try BERTModel(folder: folder.path)
        let strings = try UnigramFixtures.strings()
        let hashes = try UnigramFixtures.hashes(variant: index, count: strings.count)
        let wrong = zip(strings, hashes).filter { text, hash in
            UnigramFixtures.hash(model.tokens(text), count: model.tokenCount(text)) != hash
        }
        let examples = wrong.prefix(5).map { $0.0.unicodeScalars.prefix(40).map { String($0.value, radix: 16) } }
        #expect(wrong.isEmpty, "\(variant.name): \(wrong.count) wrong, such as \(examples)")
    }

    @Test func `a file that does not name the kind of its vocabulary is the same`() throws {
        let folder = try TemporaryFolder(copying: "bert-unigram")
        try folder.replace("\"type\":\"Unigram\",", with: "", in: "tokenizer.json")
        let old = try BERTModel(folder: folder.path), new = try BERTModel(folder: ModelFiles.tiny("bert-unigram"))
        #expect(old.tokens("the old crane 中") == new.tokens("the old crane 中"))
    }

    @Test(arguments: ["xlm-roberta", "bert-unigram"]) func `ids give the text that they were made of`(
        name: String
    ) throws {
        let model = try BERTModel(folder: ModelFiles.tiny(name))
        let texts = [
            "the harbour opens at seven o'clock", "unbelievably, hyperparameterisation (1,024 px)", "größer, été, река",
            "",
        ]
        let decoded = try #require(model.texts(ofTokens: texts.map { model.tokens($0).map(Int.init) }))
        #expect(decoded == texts)
        let count = name == "xlm-roberta" ? 2603 : 700
        for wrong in [-1, count, Int.max, Int.min] { #expect(model.texts(ofTokens: [[5], [wrong]]) == nil) }
    }

    @Test func `text that is spelt in bytes comes back, and half a character does no harm`() throws {
        let model = try BERTModel(folder: ModelFiles.tiny("bert-unigram"))
        let text = "a crab 🦀 and 中文"
        let ids = model.tokens(text).map(Int.init)
        #expect(ids.count > 14)
        #expect(model.texts(ofTokens: [ids]) == [text])
        let halves = try #require(model.texts(ofTokens: ids.indices.map { Array(ids[...$0]) }))
        #expect(halves.contains { $0.contains("\u{FFFD}") })
        #expect(halves.last == text)
    }

    @Test(arguments: ["xlm-roberta", "bert-unigram"]) func `a text that is too long is cut and still ends as it should`(
        name: String
    ) throws {
        let model = try BERTModel(folder: ModelFiles.tiny(name))
        let ids = model.tokens(String(repeating: "harbour ", count: 2000)), short = model.tokens("harbour")
        #expect(ids.count == 512 && model.maximumTokens == 512)
        #expect(ids.first == short.first && ids.last == short.last)
    }

    /// In time that grows with the square of the length, each of these would take hours.
    @Test(arguments: [
        "e", "中", "\u{301}", "\u{2603}", "<mask>", " ", " <mask>", "<pad>\u{3000}", "ab<s>", "\u{2581}", "\r",
    ])
    func `a long text without a word is counted`(unit: String) throws {
        let text = String(repeating: unit, count: 1_000_000 / unit.utf8.count)
        for name in ["xlm-roberta", "bert-unigram"] {
            let model = try BERTModel(folder: ModelFiles.tiny(name))
            let count = model.tokenCount(text)
            #expect(2...3_000_002 ~= count)
            #expect(model.tokens(text).count == min(count, 512))
        }
    }

    @Test(arguments: [
        ("\"type\":\"Precompiled\"", "\"type\":\"Nmt\"", "Nmt"),
        ("\"WhitespaceSplit\"", "\"ByteLevel\"", "ByteLevel"), ("\"Metaspace\"", "\"Punctuation\"", "Punctuation"),
        ("\"prepend_scheme\":\"always\"", "\"prepend_scheme\":\"often\"", "often"),
        ("\"unk_id\":3", "\"unk_id\":null", "unknown"), ("\"TemplateProcessing\"", "\"ByteLevel\"", "ByteLevel"),
        ("\"type\":\"Unigram\"", "\"type\":\"WordLevel\"", "WordLevel"),
    ]) func `what is not supported is refused by name`(text: String, other: String, name: String) throws {
        let folder = try TemporaryFolder(copying: "xlm-roberta")
        try folder.replace(text, with: other, in: "tokenizer.json")
        let error = try #require(throws: BERTError.self) { try BERTModel(folder: folder.path) }
        guard case .unsupported(let reason) = error else { throw error }
        #expect(reason.contains(name))
    }

    @Test(arguments: [
        "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"[a-z]+\"},\"content\":\"\"}",
        "{\"type\":\"Replace\",\"pattern\":{\"String\":\"\"},\"content\":\"x\"}",
        "{\"type\":\"Replace\",\"content\":\"x\"}", "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"Nmt\"}]}",
    ]) func `a normalizer that is not supported is refused`(normalizer: String) throws {
        let folder = try TemporaryFolder(copying: "bert-unigram")
        try folder.write(
            UnigramFixtures.tokenizer("bert-unigram", parts: ["normalizer": normalizer]), to: "tokenizer.json")
        let error = try #require(throws: BERTError.self) { try BERTModel(folder: folder.path) }
        guard case .unsupported = error else { throw error }
    }

    @Test(arguments: [
        ("[]", "0"), ("{}", "0"), ("[[\"a\",0]]", "1"), ("[[\"a\",0]]", "-1"), ("[[\"a\",0]]", "99999999999999999999"),
        ("[[\"a\",NaN]]", "0"), ("[[\"a\",1e999]]", "0"), ("[[\"a\",-1e400]]", "0"), ("[[\"a\",\"0\"]]", "0"),
        ("[[\"a\"]]", "0"), ("[[\"a\",0,1]]", "0"), ("[[0,\"a\"]]", "0"), ("[\"a\",0]", "0"), ("[[\"a\",0]", "0"),
        ("[[\"a\",.5]]", "0"), ("[[\"a\",1.]]", "0"), ("[[\"a\",1e]]", "0"), ("[[\"a\",-]]", "0"),
    ]) func `a vocabulary that cannot be is refused`(vocabulary: String, unknown: String) throws {
        let folder = try TemporaryFolder(copying: "bert-unigram")
        let model = "{\"type\":\"Unigram\",\"unk_id\":\(unknown),\"vocab\":\(vocabulary),\"byte_fallback\":true}"
        try folder.write(
            UnigramFixtures.tokenizer("bert-unigram", parts: ["added_tokens": "[]"], model: model), to: "tokenizer.json"
        )
        #expect(throws: BERTError.self) { try BERTModel(folder: folder.path) }
        // Only the vocabulary is wrong.
        let sound =
            "{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[[\"a\",0],[\"b\",0],[\"c\",-1e-3]],\"byte_fallback\":true}"
        try folder.write(
            UnigramFixtures.tokenizer("bert-unigram", parts: ["added_tokens": "[]"], model: sound), to: "tokenizer.json"
        )
        #expect(try BERTModel(folder: folder.path).tokenCount("bc") == 5)
    }

    @Test func `every piece of a word may be unknown, and sums may be anything`() throws {
        let folder = try TemporaryFolder(copying: "bert-unigram")
        for vocabulary in [
            "[[\"x\",0]]", "[[\"x\",1e308],[\"a\",1e308],[\"aa\",-1e308]]",
            "[[\"x\",0],[\"\",0],[\"a\",5],[\"aa\",1E-400]]",
            "[[\"x\",-0.0],[\"a\",123456789012345678901234567890],[\"a\",0.12345678901234567890123456789]]",
        ] {
            let model = "{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":\(vocabulary)}"
            let parts = ["added_tokens": "[]", "post_processor": "null", "normalizer": "null"]
            try folder.write(
                UnigramFixtures.tokenizer("bert-unigram", parts: parts, model: model), to: "tokenizer.json")
            let bert = try BERTModel(folder: folder.path)
            for text in ["", "aaaaa", "b", "bab", "中a"] {
                #expect(bert.tokenCount(text) <= text.unicodeScalars.count)
                #expect(bert.encode([text], as: .query)[0].count == bert.dimensions)
            }
        }
    }

    /// Both scores are the same number where each is read as the nearest there is, and then `ab` would be one piece. The
    /// reference takes the first for a little less.
    @Test(arguments: [
        ("-15.265234928915563", "-15.26523492891556266"), ("-18.919489975590814", "-18.9194899755908139"),
        ("-14.395194629039207", "-14.3951946290392065"), ("-12.173496623646239", "-12.1734966236462387"),
    ]) func `scores are read as the reference reads them`(whole: String, part: String) throws {
        let folder = try TemporaryFolder(copying: "bert-unigram")
        let vocabulary = "[[\"x\",-30],[\"ab\",\(whole)],[\"a\",\(part)],[\"b\",0]]"
        let model = "{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":\(vocabulary)}"
        let parts = ["added_tokens": "[]", "post_processor": "null", "normalizer": "null"]
        try folder.write(UnigramFixtures.tokenizer("bert-unigram", parts: parts, model: model), to: "tokenizer.json")
        #expect(try BERTModel(folder: folder.path).tokens("ab") == [2, 3])
    }

    @Test func `every cut of the tokenizer's file is refused`() throws {
        let folder = try TemporaryFolder(copying: "bert-unigram")
        let whole = try folder.read("tokenizer.json")
        for length in stride(from: 0, to: whole.count - 2, by: 379) {
            try folder.write(whole.prefix(length), to: "tokenizer.json")
            #expect(throws: BERTError.self) { try BERTModel(folder: folder.path) }
        }
    }
}
