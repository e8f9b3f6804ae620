package import Domain
import Testing

/// What every `VectorStore` must do. A suite runs each rule as a test case:
///
///     @Test(arguments: VectorStoreContract.rules)
///     func `keeps the contract`(rule: VectorStoreContract.Rule) async throws {
///         try await rule.check(VectorStoreContract { EmbeddedVectorStore(source: $0) })
///     }
package struct VectorStoreContract: Sendable {
    /// Called once for a rule. The store may read the vectors from the source; a remote one will ignore it.
    package let makeStore: @Sendable (FakeVectorSource) async throws -> any VectorStore

    package init(makeStore: @escaping @Sendable (FakeVectorSource) async throws -> any VectorStore) {
        self.makeStore = makeStore
    }

    package struct Rule: Sendable, CustomTestStringConvertible {
        package let testDescription: String
        let body: @Sendable (Fixture) async throws -> Void

        init(_ description: String, _ body: @escaping @Sendable (Fixture) async throws -> Void) {
            testDescription = description
            self.body = body
        }

        package func check(_ contract: VectorStoreContract) async throws {
            let source = FakeVectorSource()
            try await body(Fixture(store: try await contract.makeStore(source), source: source))
        }
    }

    package static let rules = additionRules + searchRules + removalRules
}

/// A store and the rows behind it, changed as Engine changes them: SQL first, vectors second.
struct Fixture: Sendable {
    let store: any VectorStore
    let source: FakeVectorSource
    let namespace = Namespace(rawValue: "contract-\(UInt64.random(in: 0 ... .max))")

    func upsert(_ vectors: [Int64: [Float]], in other: Namespace? = nil) async throws {
        let pairs = vectors.map { (id: Chunk.ID(rawValue: $0.key), embedding: Embedding($0.value)) }
        source.put(pairs, in: other ?? namespace)
        try await store.upsert(pairs, in: other ?? namespace)
    }

    func delete(_ ids: [Int64]) async throws {
        let chunks = ids.map(Chunk.ID.init(rawValue:))
        source.remove(chunks, from: namespace)
        try await store.delete(chunks, in: namespace)
    }

    func nearest(_ query: [Float], limit: Int, in other: Namespace? = nil) async throws -> [VectorMatch] {
        try await store.nearest(to: Embedding(query), in: other ?? namespace, limit: limit)
    }

    func expectIDs(
        _ ids: [Int64], nearestTo query: [Float], limit: Int, in other: Namespace? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let matches = try await nearest(query, limit: limit, in: other)
        #expect(matches.map(\.id.rawValue) == ids, sourceLocation: sourceLocation)
    }

    func expectCount(_ expected: Int, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let count = try await store.count(in: namespace)
        #expect(count == expected, sourceLocation: sourceLocation)
    }
}

extension VectorStoreContract {
    fileprivate static let additionRules: [Rule] = [
        Rule("a vector is found after it was added") { fixture in
            try await fixture.upsert([7: [0, 1, 0], 8: [1, 0, 0]])
            try await fixture.expectIDs([7], nearestTo: [0, 1, 0], limit: 1)
            try await fixture.expectCount(2)
        },
        Rule("adding an id again replaces its vector") { fixture in
            try await fixture.upsert([1: [1, 0], 2: [0.8, 0.6]])
            try await fixture.upsert([1: [0, 1]])
            try await fixture.expectIDs([2, 1], nearestTo: [1, 0], limit: 2)
            try await fixture.expectCount(2)
        },
        Rule("adding nothing changes nothing") { fixture in
            try await fixture.upsert([:])
            try await fixture.expectCount(0)
        },
        Rule("vectors of other dimensions are refused, and those stored stay") { fixture in
            try await fixture.upsert([1: [1, 0]])
            let other = [(id: Chunk.ID(rawValue: 2), embedding: Embedding([1, 0, 0]))]
            await #expect(throws: ServiceError.self) { try await fixture.store.upsert(other, in: fixture.namespace) }
            await #expect(throws: ServiceError.self) { try await fixture.nearest([1, 0, 0], limit: 1) }
            try await fixture.expectIDs([1], nearestTo: [1, 0], limit: 9)
        },
        Rule("numbers that are not finite are refused") { fixture in
            for bad in [Float.nan, .infinity, -.infinity] {
                let vector = [(id: Chunk.ID(rawValue: 1), embedding: Embedding([bad, 0]))]
                await #expect(throws: ServiceError.self) {
                    try await fixture.store.upsert(vector, in: fixture.namespace)
                }
                await #expect(throws: ServiceError.self) { try await fixture.nearest([bad, 0], limit: 1) }
            }
            try await fixture.expectCount(0)
        },
        Rule("namespaces do not see each other") { fixture in
            let other = Namespace(rawValue: fixture.namespace.rawValue + "-other")
            try await fixture.upsert([1: [1, 0]])
            try await fixture.upsert([2: [1, 0, 0]], in: other)
            try await fixture.expectIDs([1], nearestTo: [1, 0], limit: 9)
            try await fixture.expectIDs([2], nearestTo: [1, 0, 0], limit: 9, in: other)
        },
    ]

    fileprivate static let searchRules: [Rule] = [
        Rule("scores are cosines, highest first") { fixture in
            try await fixture.upsert([1: [1, 0], 2: [0.6, 0.8], 3: [-1, 0], 4: [0, 1]])
            let matches = try await fixture.nearest([1, 0], limit: 4)
            #expect(matches.map(\.id.rawValue) == [1, 2, 4, 3])
            for (match, expected) in zip(matches, [1, 0.6, 0, -1] as [Float]) {
                #expect(abs(match.score - expected) < 1e-5)
            }
        },
        Rule("equal scores are in ascending order of id") { fixture in
            try await fixture.upsert(Dictionary(uniqueKeysWithValues: (1...600).map { ($0 * 7 % 601, [0.6, 0.8]) }))
            try await fixture.expectIDs([1, 2, 3, 4, 5], nearestTo: [1, 0], limit: 5)
        },
        Rule("a limit above the count gives all, 0 and less give none") { fixture in
            try await fixture.upsert([1: [1, 0], 2: [0, 1]])
            try await fixture.expectIDs([1, 2], nearestTo: [1, 0], limit: 1_000_000_000)
            try await fixture.expectIDs([], nearestTo: [1, 0], limit: 0)
            try await fixture.expectIDs([], nearestTo: [1, 0], limit: -1)
        },
        Rule("a namespace that does not exist has nothing") { fixture in
            try await fixture.expectIDs([], nearestTo: [1, 0], limit: 3)
            try await fixture.expectCount(0)
        },
        Rule("a vector of zeros scores 0, as does everything to it") { fixture in
            try await fixture.upsert([1: [1, 0], 2: [0, 0], 3: [-1, 0]])
            let matches = try await fixture.nearest([1, 0], limit: 3)
            #expect(matches.map(\.id.rawValue) == [1, 2, 3])
            #expect(matches[1].score == 0)
            #expect(try await fixture.nearest([0, 0], limit: 3).map(\.score) == [0, 0, 0])
        },
        Rule("a length a little off 1 does not move a score") { fixture in
            try await fixture.upsert([1: [1.001, 0], 2: [0, 0.999]])
            let matches = try await fixture.nearest([0.999, 0], limit: 1)
            #expect(matches.first?.id.rawValue == 1)
            #expect(abs((matches.first?.score ?? 0) - 1) < 1e-5)
            #expect(matches.allSatisfy { $0.score <= 1 })
        },
    ]

    fileprivate static let removalRules: [Rule] = [
        Rule("what was deleted is not found; deleting it again does nothing") { fixture in
            try await fixture.upsert([1: [1, 0], 2: [0.6, 0.8], 3: [0, 1]])
            for _ in 0..<2 {
                try await fixture.delete([1, 3, 99])
                try await fixture.expectIDs([2], nearestTo: [1, 0], limit: 9)
                try await fixture.expectCount(1)
            }
        },
        Rule("what was deleted can be added again") { fixture in
            try await fixture.upsert([1: [1, 0]])
            try await fixture.delete([1])
            try await fixture.expectCount(0)
            try await fixture.upsert([1: [0, 1]])
            try await fixture.expectIDs([1], nearestTo: [0, 1], limit: 9)
        },
        Rule("a dropped namespace is empty and takes vectors of other dimensions") { fixture in
            try await fixture.upsert([1: [1, 0]])
            fixture.source.removeAll(from: fixture.namespace)
            try await fixture.store.drop(fixture.namespace)
            try await fixture.expectCount(0)
            try await fixture.upsert([5: [0, 0, 1]])
            try await fixture.expectIDs([5], nearestTo: [0, 0, 1], limit: 9)
        },
        Rule("dropping what does not exist does nothing") { fixture in
            try await fixture.store.drop(fixture.namespace)
            try await fixture.expectCount(0)
        },
    ]
}
