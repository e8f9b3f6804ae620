import BERT
import Domain
import Foundation
import Testing

/// Tiny cross-encoders against transformers.
@Suite struct CrossEncoderTests {
    struct Expected: Decodable {
        let question: String
        let passage: String
        let ids: [Int32]
        let types: [Int]
        let score: Double

        static func load(_ model: String = "cross-encoder") throws -> [Expected] {
            try JSONDecoder().decode([Expected].self, from: ModelFiles.data("models/\(model)/expected.json"))
        }
    }

    static let models = ["cross-encoder", "xlm-roberta-reranker"]
    static let folder = ModelFiles.tiny("cross-encoder")

    @Test(arguments: models) func `pairs have the ids and types of the reference, also where they are cut`(
        name: String
    ) throws {
        let model = try BERTCrossEncoder(folder: ModelFiles.tiny(name))
        for expected in try Expected.load(name) {
            let tokens = model.tokens(expected.question, expected.passage)
            #expect(tokens.ids == expected.ids, "\(expected.question.prefix(30)) | \(expected.passage.prefix(30))")
            #expect(tokens.secondStart == expected.types.firstIndex(of: 1) ?? Int.max)
        }
        #expect(try Expected.load(name).contains { $0.ids.count == model.maximumTokens })
    }

    /// XLM-R's tokenizer says by a template what the fixture's says by `RobertaProcessing`.
    @Test func `a template without types gives the pairs of a RoBERTa`() throws {
        func piece(_ kind: String, _ id: String) -> String { "{\"\(kind)\":{\"id\":\"\(id)\",\"type_id\":0}}" }
        let first = piece("SpecialToken", "<s>"), last = piece("SpecialToken", "</s>")
        let single = [first, piece("Sequence", "A"), last]
        let template = """
            {"type":"TemplateProcessing","single":[\(single.joined(separator: ","))],
            "pair":[\((single + [last, piece("Sequence", "B"), last]).joined(separator: ","))],
            "special_tokens":{"<s>":{"id":"<s>","ids":[1],"tokens":["<s>"]},
            "</s>":{"id":"</s>","ids":[2],"tokens":["</s>"]}}}
            """
        let folder = try TemporaryFolder(copying: "xlm-roberta-reranker")
        try folder.write(
            UnigramFixtures.tokenizer("xlm-roberta-reranker", parts: ["post_processor": template]), to: "tokenizer.json"
        )
        let model = try BERTCrossEncoder(folder: folder.path)
        for expected in try Expected.load("xlm-roberta-reranker") {
            let tokens = model.tokens(expected.question, expected.passage)
            #expect(tokens.ids == expected.ids && tokens.secondStart == Int.max)
        }
    }

    @Test(arguments: [BERTPrecision.fast, .exact], TinyModelTests.levels)
    func `scores are those of the reference`(precision: BERTPrecision, level: String) throws {
        var options = BERTOptions()
        options.precision = precision
        options.instructionSet = level
        for name in Self.models {
            let model = try BERTCrossEncoder(folder: ModelFiles.tiny(name), options: options)
            for (question, pairs) in Dictionary(grouping: try Expected.load(name), by: \.question) {
                let scores = model.scores(question, passages: pairs.map(\.passage), on: .threads(2))
                // A random network magnifies the rounding of 16-bit products more than a trained one.
                let tolerance = precision == .exact ? 1e-4 : 2e-3
                #expect(
                    zip(scores, pairs).allSatisfy { abs($0 - $1.score) < tolerance }, "\(name) \(question.prefix(30))")
            }
        }
    }

    @Test func `behind the seam candidates keep their order`() async throws {
        let pairs = try Expected.load().filter { $0.question == "the cat sat on a mat" }
        let reranker = try BERTReranker(folder: Self.folder, threads: 2)
        let scores = try await reranker.scores(
            pairs[0].question,
            candidates: pairs.map { RerankCandidate(text: $0.passage, context: "", similarity: 0.5) },
            until: .now.advanced(by: .seconds(600)))
        #expect(scores.count == pairs.count && zip(scores, pairs).allSatisfy { abs($0 - $1.score) < 2e-3 })
        let none = try await reranker.scores("x", candidates: [], until: .now.advanced(by: .seconds(600)))
        #expect(none.isEmpty)
        let late = try await reranker.scores(
            "x", candidates: [RerankCandidate(text: "a", context: "", similarity: 1)], until: .now)
        #expect(late.isEmpty)
    }

    @Test func `a model without a classifier is refused, and so is one that classifies`() throws {
        #expect(throws: BERTError.self) { try BERTCrossEncoder(folder: ModelFiles.tiny("mean-gelu")) }
        #expect(throws: BERTError.folderMissing) { try BERTReranker(folder: "/nowhere", threads: 1) }
        let folder = try TemporaryFolder(copying: "cross-encoder")
        let weights = String(decoding: try folder.read("model.safetensors"), as: Unicode.ASCII.self)
        #expect(weights.contains("\"classifier.weight\""))
        var bytes = try folder.read("model.safetensors")
        let range = try #require(bytes.range(of: Data("[1,32]".utf8)))
        bytes.replaceSubrange(range, with: Data("[32,1]".utf8))
        try folder.write(bytes, to: "model.safetensors")
        #expect(throws: BERTError.self) { try BERTCrossEncoder(folder: folder.path) }
    }

    @Test func `weights that are damaged come out as unavailable when they are needed`() async throws {
        let folder = try TemporaryFolder(copying: "cross-encoder")
        try folder.write(Data("no weights".utf8), to: "model.safetensors")
        let reranker = try BERTReranker(folder: folder.path, threads: 1)
        let candidates = [RerankCandidate(text: "a", context: "", similarity: 1)]
        await #expect(throws: ServiceError.self) {
            _ = try await reranker.scores("q", candidates: candidates, until: .now)
        }
    }
}
