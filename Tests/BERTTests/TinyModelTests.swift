import BERT
import Domain
import Foundation
import Testing

/// Models of every layout that is supported, each against transformers.
@Suite struct TinyModelTests {
    struct Expected: Decodable {
        let role: String
        let prompt: String?
        let text: String
        let ids: [Int32]
        let vector: [Float]

        var embeddingRole: EmbeddingRole { role == "query" ? .query : .passage }

        static func load(_ model: String) throws -> [Expected] {
            try JSONDecoder().decode([Expected].self, from: ModelFiles.data("models/\(model)/expected.json"))
        }
    }

    static let models = [
        "mean-gelu", "cls-tanh-f16", "relu-bf16-cased", "silu-wide-heads", "xlm-roberta", "bert-unigram", "distilbert",
        "mpnet", "roberta", "nomic-bert", "modernbert",
    ]
    static let levels = ["portable", "avx2", "avx512", "avx512vnni"]

    @Test(arguments: models, levels) func `in floats the vectors are those of the reference`(
        name: String, level: String
    ) throws {
        var options = BERTOptions()
        options.precision = .exact
        options.instructionSet = level
        let model = try BERTModel(folder: ModelFiles.tiny(name), options: options)
        for expected in try Expected.load(name) {
            let vector = model.encode([expected.text], as: expected.embeddingRole)[0]
            #expect(vector.count == model.dimensions)
            #expect(zip(vector, expected.vector).allSatisfy { abs($0 - $1) < 1e-4 }, "\(expected.text)")
        }
    }

    @Test(arguments: models, levels) func `in integers the vectors are near those of the reference`(
        name: String, level: String
    ) throws {
        var options = BERTOptions()
        options.instructionSet = level
        let model = try BERTModel(folder: ModelFiles.tiny(name), options: options)
        for expected in try Expected.load(name) {
            let vector = model.encode([expected.text], as: expected.embeddingRole)[0]
            #expect(cosine(vector, expected.vector) > 0.999, "\(expected.text.prefix(30))")
        }
    }

    @Test(arguments: models) func `ids are those of the reference, prompts and added tokens included`(name: String)
        throws
    {
        let model = try BERTModel(folder: ModelFiles.tiny(name))
        let prompts = [
            "cls-tanh-f16": ["query": "query ", "passage": "passage "],
            "xlm-roberta": ["query": "query: ", "passage": "passage: "],
        ][name, default: [:]]
        for expected in try Expected.load(name) {
            let prompt = expected.prompt ?? prompts[expected.role, default: ""]
            #expect(model.tokens(prompt + expected.text) == expected.ids, "\(expected.text)")
        }
    }

    @Test func `prompts and pooling can be set by hand`() throws {
        var options = BERTOptions()
        options.pooling = .firstToken
        options.queryPrompt = "the "
        let changed = try BERTModel(folder: ModelFiles.tiny("mean-gelu"), options: options)
        options.queryPrompt = nil
        let pooled = try BERTModel(folder: ModelFiles.tiny("mean-gelu"), options: options)
        #expect(changed.encode(["cat"], as: .query) == pooled.encode(["the cat"], as: .query))
        #expect(changed.encode(["cat"], as: .passage) == pooled.encode(["cat"], as: .passage))
        let plain = try BERTModel(folder: ModelFiles.tiny("mean-gelu"))
        #expect(plain.encode(["cat"], as: .passage) != pooled.encode(["cat"], as: .passage))
    }

    @Test func `the fingerprint changes with everything that changes vectors`() throws {
        var options = BERTOptions()
        var seen: Set = [try BERTModel(folder: ModelFiles.tiny("mean-gelu"), options: options).description.fingerprint]
        #expect(
            try BERTModel(folder: ModelFiles.tiny("mean-gelu"), options: options).description.fingerprint == seen.first)
        let changes: [(inout BERTOptions) -> Void] = [
            { $0.pooling = .firstToken }, { $0.queryPrompt = "q" }, { $0.passagePrompt = "q" },
            { $0.maximumTokens = 20 },
            { $0.precision = .exact }, { $0.id = "other" },
        ]
        for change in changes {
            options = BERTOptions()
            change(&options)
            let model = try BERTModel(folder: ModelFiles.tiny("mean-gelu"), options: options)
            #expect(seen.insert(model.description.fingerprint).inserted)
        }
        let folder = try TemporaryFolder(copying: "mean-gelu")
        var weights = try folder.read("model.safetensors")
        for offset in weights.count / 2..<weights.count { weights[offset] ^= 1 }
        try folder.write(weights, to: "model.safetensors")
        options = BERTOptions()
        options.id = "mean-gelu"
        #expect(seen.insert(try BERTModel(folder: folder.path, options: options).description.fingerprint).inserted)
    }
}
