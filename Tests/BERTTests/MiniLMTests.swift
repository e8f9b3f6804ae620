import BERT
import Domain
import Foundation
import Testing

/// all-MiniLM-L6-v2 against sentence-transformers.
@Suite struct MiniLMTests {
    private func cosines(_ options: BERTOptions) throws -> [Double] {
        let model = try BERTModel(folder: ModelFiles.miniLM(), options: options)
        let vectors = model.encode(try ReferenceEmbeddings.load().texts, as: .passage, threads: 2)
        return zip(vectors, try ReferenceEmbeddings.vectors()).map(cosine)
    }

    @Test(arguments: [nil, "avx512", "avx2", "portable"]) func `every vector is within 0.999 of the reference's`(
        level: String?
    ) throws {
        var options = BERTOptions()
        options.instructionSet = level
        let cosines = try cosines(options)
        #expect(cosines.count == 200)
        #expect(cosines.min()! >= 0.999)
        #expect(cosines.reduce(0, +) / 200 >= 0.9995)
    }

    @Test func `exact vectors are the reference's`() throws {
        var options = BERTOptions()
        options.precision = .exact
        #expect(try cosines(options).min()! >= 0.999_999)
    }

    @Test func `a vector depends on its text alone`() throws {
        let model = try ModelFiles.fastMiniLM.get(), texts = try ReferenceEmbeddings.load().texts
        let together = model.encode(texts, as: .passage, threads: 3)
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
                group.addTask { model.encode(texts, as: .passage, threads: count) == expected }
            }
            for await equal in group { #expect(equal) }
        }
    }
}
