import BERT
import Domain
import Foundation
import Testing

/// all-MiniLM-L6-v2 against sentence-transformers.
@Suite struct MiniLMTests {
    /// Cosines of every `step`th text.
    private func cosines(_ options: BERTOptions, step: Int = 1) throws -> [Double] {
        let model = try BERTModel(folder: ModelFiles.miniLM(), options: options)
        let texts = try ReferenceEmbeddings.load().texts, reference = try ReferenceEmbeddings.vectors()
        try #require(texts.count == 200 && reference.count == 200)
        let indices = Array(stride(from: 0, to: 200, by: step))
        let vectors = model.encode(indices.map { texts[$0] }, as: .passage, on: .threads(2))
        return zip(indices, vectors).map { cosine($1, reference[$0]) }
    }

    /// The slower instruction sets, which are more exact besides, see fewer texts.
    @Test(arguments: [(nil, 1), ("avx512", 5), ("avx2", 5), ("portable", 10)] as [(String?, Int)])
    func `every vector is within 0.999 of the reference's`(level: String?, step: Int) throws {
        var options = BERTOptions()
        options.instructionSet = level
        let cosines = try cosines(options, step: step)
        #expect(cosines.allSatisfy { $0 >= 0.999 })
        #expect(cosines.reduce(0, +) / Double(cosines.count) >= 0.9995)
    }

    @Test func `exact vectors are the reference's`() throws {
        var options = BERTOptions()
        options.precision = .exact
        #expect(try cosines(options, step: 2).allSatisfy { $0 >= 0.999_999 })
    }

    @Test func `a vector depends on its text alone`() throws {
        let model = try ModelFiles.fastMiniLM.get(), texts = try ReferenceEmbeddings.load().texts
        let together = model.encode(texts, as: .passage, on: .background(3))
        for (text, vector) in zip(texts, together).prefix(170).suffix(40) {
            #expect(model.encode([text], as: .query) == [vector])
        }
    }

    @Test func `vectors have length 1, for empty texts too`() throws {
        let model = try ModelFiles.fastMiniLM.get()
        for vector in model.encode(["", " ", "a", String(repeating: "x y ", count: 4000)], as: .passage) {
            #expect(abs(cosine(vector, vector) - 1) < 1e-6)
            #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
        }
        #expect(model.encode([], as: .passage).isEmpty)
    }

    @Test func `many threads may encode at once`() async throws {
        let model = try ModelFiles.fastMiniLM.get(), texts = Array(try ReferenceEmbeddings.load().texts.suffix(60))
        let expected = model.encode(texts, as: .passage)
        await withTaskGroup(of: Bool.self) { group in
            for count in 1...6 {
                group.addTask { model.encode(texts, as: .passage, on: .threads(count)) == expected }
            }
            for await equal in group { #expect(equal) }
        }
    }
}
