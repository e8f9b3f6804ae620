import Domain
import TestSupport
import Testing

@testable import SearchIndexes

@Suite struct MatrixEditTests {
    @Test(arguments: [1, 2, 3, 4])
    func `any order of changes leaves what a dictionary would hold`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var expected: Set<Int64> = []
        var matrix = VectorMatrix()
        for _ in 0..<60 {
            var edit = MatrixEdit(matrix)
            let start = Int64.random(in: 0..<20_000, using: &random)
            let run = (0..<Int64.random(in: 1..<600, using: &random)).map { start + $0 * Int64(seed) }
            if Bool.random(using: &random) || expected.count < 3_000 {
                for id in run.shuffled(using: &random) { try edit.add(id) }
                expected.formUnion(run)
            } else {
                for id in expected.shuffled(using: &random).prefix(run.count * 3) {
                    try edit.remove(id)
                    expected.remove(id)
                }
                edit.compact()
            }
            matrix = edit.matrix
            #expect(matrix.count == expected.count)
            expectOrder(matrix)
        }
        #expect(ids(matrix) == expected.sorted())
        for id in expected { #expect(matrix.position(of: id) != nil) }
    }

    @Test func `a matrix being searched does not change`() throws {
        var edit = MatrixEdit()
        for id in 0..<1500 as Range<Int64> { try edit.add(id) }
        let before = edit.matrix
        let codes = contents(before)
        var next = MatrixEdit(before)
        for id in 0..<1500 as Range<Int64> where id % 3 == 0 { try next.add(id, 1, 0) }
        for id in 0..<1500 as Range<Int64> where id % 3 == 1 { try next.remove(id) }
        for id in 1500..<3000 as Range<Int64> { try next.add(id) }
        next.compact()
        #expect(next.matrix.count == 2500)
        #expect(contents(before) == codes)
    }

    @Test func `vectors added in order of id fill their blocks`() throws {
        var edit = MatrixEdit()
        for id in 0..<Int64(3 * VectorBlock.capacity) { try edit.add(id) }
        #expect(edit.matrix.segments.map(\.count) == [1024, 1024, 1024])
    }

    @Test func `runs of ids between others leave blocks more than half full`() throws {
        var edit = MatrixEdit()
        for id in 0..<4000 as Range<Int64> { try edit.add(id * 1000) }
        for run in 0..<8 as Range<Int64> {
            for id in 1...700 as ClosedRange<Int64> { try edit.add(run * 400_000 + id) }
        }
        let average = edit.matrix.count / edit.matrix.segments.count
        #expect(average > VectorBlock.capacity / 2)
    }

    @Test func `removing nearly everything gives up the blocks`() throws {
        var edit = MatrixEdit()
        for id in 0..<20_480 as Range<Int64> { try edit.add(id) }
        for id in 0..<20_480 as Range<Int64> where id % 1000 != 0 { try edit.remove(id) }
        edit.compact()
        #expect(edit.matrix.count == 21)
        #expect(edit.matrix.segments.count == 1)
        for id in 0..<20_480 as Range<Int64> where id % 1000 == 0 { try edit.remove(id) }
        edit.compact()
        #expect(edit.matrix.segments.isEmpty)
        #expect(edit.matrix.dimensions == 0)
    }

    private func ids(_ matrix: VectorMatrix) -> [Int64] {
        matrix.segments.flatMap { segment in (0..<segment.count).map { segment.block.ids[$0] } }.sorted()
    }

    private func contents(_ matrix: VectorMatrix) -> [[Int64]] {
        matrix.segments.flatMap { segment in
            (0..<segment.count).map { row in
                let codes = (0..<segment.block.planeWidth).map {
                    Int64(segment.block.upper[row * segment.block.planeWidth + $0])
                }
                return [segment.block.ids[row]] + codes
            }
        }
    }

    private func expectOrder(_ matrix: VectorMatrix) {
        for (segment, next) in zip(matrix.segments, matrix.segments.dropFirst()) {
            #expect(segment.highest < next.lowest)
        }
        for segment in matrix.segments {
            #expect(segment.count > 0 && segment.count <= VectorBlock.capacity)
            for row in 0..<segment.count {
                #expect((segment.lowest...segment.highest).contains(segment.block.ids[row]))
            }
        }
    }
}

extension MatrixEdit {
    fileprivate mutating func add(_ id: Int64, _ values: Float...) throws {
        let vector = values.isEmpty ? [0.6, 0.8] : values
        let isStored = try vector.withUnsafeBufferPointer { try upsert(id, $0) }
        #expect(isStored)
    }
}
