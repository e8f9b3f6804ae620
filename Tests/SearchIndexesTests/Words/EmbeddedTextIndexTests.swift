import Domain
import SearchIndexes
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct EmbeddedTextIndexTests {
    @Test(arguments: TextIndexContract.rules)
    func `keeps the contract`(rule: TextIndexContract.Rule) async throws {
        try await rule.check(TextIndexContract { EmbeddedTextIndex(source: $0) })
    }

    private func chunks(_ count: Int, from first: Int = 0) -> [ChunkTerms] {
        (first..<first + count).map {
            ChunkTerms(id: Chunk.ID(rawValue: Int64($0)), language: "en", terms: "word\($0) common n\($0 % 9)")
        }
    }

    private func found(_ word: String, in namespace: Namespace, _ index: EmbeddedTextIndex) async throws -> [Int64] {
        try await index.search({ _, _ in [word: 1] }, in: namespace, limit: 5).best.map(\.id.rawValue)
    }

    @Test func `a namespace is read once, when it is first used, and again where there was no room for it`()
        async throws
    {
        let source = FakeTermSource()
        let namespaces = (0..<4).map { Namespace(rawValue: "n\($0)") }
        for (number, namespace) in namespaces.enumerated() {
            source.put(chunks(500, from: 1000 * number), in: namespace)
        }
        let index = EmbeddedTextIndex(source: source)
        for _ in 0..<2 { #expect(try await found("word7", in: namespaces[0], index) == [7]) }
        #expect(source.reads == 1)
        let bytes = index.memoryUsed
        let small = EmbeddedTextIndex(source: source, memoryLimit: 2 * bytes)
        for _ in 0..<2 {
            for (number, namespace) in namespaces.enumerated() {
                #expect(try await found("word\(1000 * number + 9)", in: namespace, small) == [Int64(1000 * number + 9)])
                #expect(small.memoryUsed <= 2 * bytes + bytes / 4)
            }
        }
        #expect(source.reads == 9)
    }

    @Test func `searches and changes at once end with what was stored`() async throws {
        let namespace = Namespace(rawValue: "n")
        let source = FakeTermSource()
        source.put(chunks(100), in: namespace)
        let index = EmbeddedTextIndex(source: source)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for part in 0..<20 {
                group.addTask {
                    let new = self.chunks(50, from: 1000 + 50 * part)
                    source.put(new, in: namespace)
                    try await index.upsert(new, in: namespace)
                    let old = (5 * part..<5 * part + 5).map { Chunk.ID(rawValue: Int64($0)) }
                    source.remove(old, from: namespace)
                    try await index.delete(old, in: namespace)
                }
                group.addTask { _ = try await self.found("common", in: namespace, index) }
            }
            try await group.waitForAll()
        }
        let all = try await index.search({ _, _ in ["common": 1] }, in: namespace, limit: 5000)
        #expect(all.best.map(\.id.rawValue).sorted() == Array(1000..<2000))
    }
}
