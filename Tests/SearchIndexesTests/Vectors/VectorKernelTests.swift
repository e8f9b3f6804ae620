import Domain
import TestSupport
import Testing
import VectorKernels

/// The kernels against plain loops, for each set of instructions.
@Suite struct VectorKernelTests {
    static let levels = [VK_PORTABLE, VK_AVX2, VK_AVX512]
    static let dimensions = [1, 2, 3, 31, 63, 64, 65, 100, 255, 256, 257, 384, 500, 768, 1024, 1536, 3072]

    /// Where this CPU lacks the level, the case is reported as skipped; `script/test-kernels` emulates others.
    private static func require(_ level: vk_level) throws {
        guard level.rawValue <= vk_best_level().rawValue else { try Test.cancel("this CPU has no \(level)") }
    }

    @Test(arguments: levels, dimensions)
    func `refined scores are cosines up to the rounding of the codes`(level: vk_level, dimensions: Int) throws {
        try Self.require(level)
        let (rows, query) = try sample(dimensions, count: 9, level: level)
        for index in 0..<rows.vectors.count {
            let expected = rows.vectors[index].cosine(to: query.vector)
            let refined = rows.refine(index, query, level: level)
            // A step is a rounding by at most half of it in each dimension; six standard deviations of their sum.
            #expect(abs(refined - expected) <= 6 * 0.29 * rows.steps[index] + 1e-6)
        }
    }

    @Test(arguments: levels, dimensions)
    func `a scan scores as a plain loop over the upper bits does`(level: vk_level, dimensions: Int) throws {
        try Self.require(level)
        for count in [1, 3, 4, 5, 130] {
            let (rows, query) = try sample(dimensions, count: count, level: level)
            let hits = rows.scan(query, wanted: count, level: level).sorted { $0.id < $1.id }
            #expect(hits.map(\.id) == (0..<count).map { Int64($0) })
            #expect(hits.map(\.row) == (0..<count).map { UInt32($0 + 5) })
            for (index, hit) in hits.enumerated() {
                let expected = rows.plainScore(index, query)
                #expect(abs(hit.score - expected) <= 1e-5 * max(1, abs(expected)))
            }
        }
    }

    @Test(arguments: levels)
    func `a scan keeps the best, and the lowest ids among equals`(level: vk_level) throws {
        try Self.require(level)
        let (rows, query) = try sample(48, count: 3_000, level: level, distinct: 40)
        let all = rows.scan(query, wanted: 3_000, level: level).sorted(by: precedes)
        for wanted in [1, 7, 100, 2_999] {
            let best = rows.scan(query, wanted: wanted, level: level).sorted(by: precedes)
            #expect(best.map(\.id) == all.prefix(wanted).map(\.id))
        }
    }

    @Test(arguments: levels)
    func `exact cosines agree with double precision`(level: vk_level) throws {
        try Self.require(level)
        var random = SplitMix64(seed: 4)
        for dimensions in Self.dimensions {
            let (left, right) = (random.unitVector(dimensions), random.unitVector(dimensions))
            let cosine = vk_cosine(level, left.values, right.values, dimensions)
            #expect(abs(cosine - left.cosine(to: right)) < 1e-5)
        }
        #expect(vk_cosine(level, [0, 0], [1, 0], 2) == 0)
        #expect(vk_cosine(level, [.nan, 0], [1, 0], 2).isNaN)
    }

    @Test(arguments: levels)
    func `levels encode alike up to one step`(level: vk_level) throws {
        try Self.require(level)
        let (plain, _) = try sample(384, count: 20, level: VK_PORTABLE)
        let (rows, _) = try sample(384, count: 20, level: level)
        for row in 0..<20 {
            #expect(abs(plain.steps[row] - rows.steps[row]) < 1e-6)
            let differences = zip(plain.codes(row), rows.codes(row)).map { abs($0 - $1) }
            #expect(differences.max() ?? 0 <= 1)
        }
    }

    @Test(arguments: levels)
    func `what has no finite length is not encoded`(level: vk_level) throws {
        try Self.require(level)
        for bad in [Float.nan, .infinity, -.infinity, .greatestFiniteMagnitude] {
            var vector = [Float](repeating: 0.1, count: 70)
            vector[69] = bad
            var rows = EncodedRows(dimensions: 70)
            #expect(throws: EncodedRows.NotFinite.self) { try rows.append(Embedding(vector), level: level) }
            #expect(EncodedQuery(Embedding(vector)) == nil)
        }
    }

    @Test(arguments: levels)
    func `one large number does not drown the others`(level: vk_level) throws {
        try Self.require(level)
        // Some models have a dimension ten times larger than the rest; the rotation must spread it.
        var random = SplitMix64(seed: 9)
        for place in [0, 100, 383] {
            var values = random.unitVector(384).values
            values[place] = 0.5
            var rows = EncodedRows(dimensions: 384)
            try rows.append(Embedding(values), level: level)
            #expect(rows.steps[0] < 2.5 * 4 / (127 * Float(384).squareRoot()))
        }
    }

    @Test func `an id is found wherever it is`() {
        let ids = (0..<100).map { Int64($0 * 3) }
        for index in 0..<100 { #expect(vk_find(ids, 100, Int64(index * 3)) == index) }
        #expect(vk_find(ids, 100, 1) == 100)
        #expect(vk_find(ids, 50, 150) == 50)
        #expect(vk_find(ids, 0, 0) == 0)
    }

    private func sample(
        _ dimensions: Int, count: Int, level: vk_level, distinct: Int = .max
    ) throws -> (EncodedRows, EncodedQuery) {
        var random = SplitMix64(seed: UInt64(dimensions))
        var rows = EncodedRows(dimensions: dimensions)
        for index in 0..<count {
            let vector = index < distinct ? random.unitVector(dimensions) : rows.vectors[index % distinct]
            try rows.append(vector, level: level)
        }
        return (rows, try #require(EncodedQuery(random.unitVector(dimensions))))
    }

    private func precedes(_ left: vk_hit, _ right: vk_hit) -> Bool {
        left.score == right.score ? left.id < right.id : left.score > right.score
    }
}
