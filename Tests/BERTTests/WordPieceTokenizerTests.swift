import BERT
import Foundation
import Testing

@Suite struct WordPieceTokenizerTests {
    /// Strings with the ids that the `tokenizers` package gives for them.
    private static func samples() throws -> [(text: String, ids: [Int32])] {
        let data = try ModelFiles.data("minilm-tokens.bin")
        var samples: [(String, [Int32])] = []
        data.withUnsafeBytes { bytes in
            var offset = 0
            func number<Value: FixedWidthInteger>(_: Value.Type) -> Int {
                defer { offset += MemoryLayout<Value>.size }
                return Int(Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self)))
            }
            while offset < bytes.count {
                let length = number(UInt32.self), count = number(UInt32.self)
                let text = String(decoding: bytes[offset..<offset + length], as: UTF8.self)
                offset += length
                samples.append((text, (0..<count).map { _ in Int32(number(UInt16.self)) }))
            }
        }
        return samples
    }

    @Test func `ids equal those of the reference for strings of every kind`() throws {
        let model = try BERTModel(folder: ModelFiles.miniLM())
        let samples = try Self.samples()
        #expect(samples.count >= 5000)
        for (text, ids) in samples {
            let expected = ids.count <= 512 ? ids : ids[..<511] + [102]
            #expect(
                model.tokens(text) == expected, "\(text.unicodeScalars.prefix(40).map { String($0.value, radix: 16) })")
            #expect(model.tokenCount(text) == ids.count)
        }
    }

    @Test func `ids give a text that has these ids again`() throws {
        let model = try ModelFiles.fastMiniLM.get()
        let texts = [
            "the harbour opens at seven o'clock", "unbelievably, hyperparameterisation (1,024 px)", "naive cafe 東京 ok",
            "[MASK] and [UNK]", "",
        ]
        let arrays = texts.map { model.tokens($0).map(Int.init) }
        let decoded = try #require(model.texts(ofTokens: arrays))
        #expect(decoded[0] == "the harbour opens at seven o ' clock")
        for (text, ids) in zip(decoded, arrays) { #expect(model.tokens(text).map(Int.init) == ids) }
        for wrong in [-1, 30_522, Int.max, Int.min] { #expect(model.texts(ofTokens: [[1996], [wrong]]) == nil) }
    }

    @Test func `a text that is too long is cut and still ends with its special token`() throws {
        let model = try ModelFiles.fastMiniLM.get()
        let ids = model.tokens(String(repeating: "harbour ", count: 2000))
        #expect(ids.count == 512)
        #expect(ids.first == 101 && ids.last == 102)
        #expect(model.tokenCount(String(repeating: "harbour ", count: 2000)) == 2002)
    }

    @Test func `fewer tokens can be asked for, and no more than the model has`() throws {
        var options = BERTOptions()
        options.maximumTokens = 16
        #expect(try BERTModel(folder: ModelFiles.tiny("mean-gelu"), options: options).maximumTokens == 16)
        options.maximumTokens = 100_000
        let model = try BERTModel(folder: ModelFiles.tiny("mean-gelu"), options: options)
        #expect(model.maximumTokens == 160)
        #expect(model.tokens(String(repeating: "cat ", count: 500)).count == 160)
    }

    @Test(arguments: [
        ("\"WordPiece\"", "\"WordLevel\""), ("\"BertPreTokenizer\"", "\"Whitespace\""),
        ("\"BertNormalizer\"", "\"NFC\""),
        ("\"TemplateProcessing\"", "\"ByteLevel\""),
    ]) func `a tokenizer of another kind is refused by name`(kind: String, other: String) throws {
        let folder = try TemporaryFolder(copying: "mean-gelu")
        try folder.replace(kind, with: other, in: "tokenizer.json")
        let error = try #require(throws: BERTError.self) { try BERTModel(folder: folder.path) }
        guard case .unsupported(let reason) = error else { throw error }
        #expect(reason.contains(other.dropFirst().dropLast()))
    }

    @Test func `every cut of the tokenizer's file is refused`() throws {
        let folder = try TemporaryFolder(copying: "mean-gelu")
        let whole = try folder.read("tokenizer.json")
        for length in stride(from: 0, to: whole.count - 2, by: 97) {
            try folder.write(whole.prefix(length), to: "tokenizer.json")
            #expect(throws: BERTError.self) { try BERTModel(folder: folder.path) }
        }
    }

    @Test(arguments: [
        "{\"model\":{\"type\":\"WordPiece\",\"vocab\":{}}}",
        "{\"model\":{\"type\":\"WordPiece\",\"vocab\":{\"[UNK]\":99999999999999999999}}}",
        "{\"model\":{\"type\":\"WordPiece\",\"vocab\":{\"[UNK]\":-1}}}",
        "{\"model\":{\"type\":\"WordPiece\",\"vocab\":{\"a\":1}},\"pre_tokenizer\":{\"type\":\"BertPreTokenizer\"}}",
        "{\"model\":{\"type\":\"WordPiece\",\"vocab\":{\"\\ud800\":1}}}",
        "{\"model\":{\"type\":\"WordPiece\",\"vocab\":{\"\\u12\":1}}}",
        String(repeating: "[", count: 100_000), "{\"x\":" + String(repeating: "[{\"a\":", count: 100_000), "]",
        "{\"a\":}", "",
    ]) func `a hostile tokenizer is refused`(content: String) throws {
        let folder = try TemporaryFolder(copying: "mean-gelu")
        try folder.write(Data(content.utf8), to: "tokenizer.json")
        #expect(throws: BERTError.self) { try BERTModel(folder: folder.path) }
    }

    @Test func `a tokenizer with more tokens than the model has is refused`() throws {
        let folder = try TemporaryFolder(copying: "mean-gelu")
        try folder.replace("\"##mats\":", with: "\"##mats\":100000,\"x\":", in: "tokenizer.json")
        #expect(throws: BERTError.damaged(file: "tokenizer.json", reason: "it has more tokens than the model")) {
            try BERTModel(folder: folder.path)
        }
    }
}
