import VectorKernels

/// Finds the rows of a matrix that may be the nearest to a query, from the codes alone.
///
/// Two passes: all rows by their upper four bits; a few hundred of them again by all eight bits against the exact
/// query. What then remains are the `limit` best and those that the rounding of the codes cannot tell from them.
struct MatrixScan: Sendable {
    let matrix: VectorMatrix
    let query: QueryCode
    let limit: Int

    /// A thread is worth its while from about 0.2 ms of work: handing less to another one takes longer on a busy machine
    /// than doing it at once.
    static let bytesPerThread = 4 << 20

    /// Bytes that the first pass reads.
    var bytes: Int { matrix.count * vk_plane_width(matrix.dimensions) }

    /// Rows that go on to the second pass: at least twice of what it takes. The nearest 4 of a million vectors, with or
    /// without structure, were all among the best 33 of the first pass in each of 200 searches, and the nearest 20 among
    /// the best 100.
    private var shortlist: Int { min(matrix.count, 64 + 8 * min(limit, matrix.count)) }

    /// Ranges of segments of about the same size, one for each thread.
    func parts(threads: Int) -> [Range<Int>] {
        let parts = max(1, min(threads, bytes / Self.bytesPerThread))
        return (0..<parts).map { part in
            matrix.segments.count * part / parts..<matrix.segments.count * (part + 1) / parts
        }
    }

    /// The candidates among the rows of `segments`, in no particular order.
    func candidates(in segments: Range<Int>) -> [vk_hit] {
        let wanted = shortlist
        // Room for some more, so that thinning them out is rare.
        let capacity = min(matrix.count, 4 * wanted) + 1
        let hits = [vk_hit](unsafeUninitializedCapacity: capacity) { buffer, count in
            var best = vk_best(
                hits: buffer.baseAddress, capacity: capacity, count: 0, wanted: wanted, threshold: -.infinity)
            for index in segments {
                let segment = matrix.segments[index]
                vk_scan(
                    VectorMatrix.level, segment.block.upper, segment.block.steps, segment.block.ids, segment.count,
                    UInt32(index * VectorBlock.capacity), segment.block.planeWidth, query.codes, &best)
            }
            vk_thin(&best)
            count = best.count
        }
        return narrowed(hits.map(refined))
    }

    /// The hit with its score by all eight bits.
    private func refined(_ hit: vk_hit) -> vk_hit {
        let block = matrix.segments[Int(hit.row) / VectorBlock.capacity].block
        let row = Int(hit.row) % VectorBlock.capacity
        var hit = hit
        hit.score = vk_refine(
            VectorMatrix.level, block.upper + row * block.planeWidth, block.lower + row * block.planeWidth,
            block.steps[row], block.planeWidth, query.values)
        return hit
    }

    /// The `limit` best hits and those that may really be better than one of them.
    ///
    /// Rounding to a step moves a cosine by 0.29 steps (standard deviation), and the difference of two by 0.41, so what
    /// is two steps behind is nearer only once in a million times.
    func narrowed(_ hits: [vk_hit]) -> [vk_hit] {
        guard hits.count > limit else { return hits }
        var copy = hits
        let threshold = copy.withUnsafeMutableBufferPointer { buffer in
            var best = vk_best(
                hits: buffer.baseAddress, capacity: buffer.count, count: buffer.count, wanted: limit,
                threshold: -.infinity)
            vk_thin(&best)
            return best.threshold
        }
        let step = hits.reduce(Float(0)) { max($0, self.step(of: $1)) }
        return hits.filter { $0.score >= threshold - 2 * step }
    }

    private func step(of hit: vk_hit) -> Float {
        matrix.segments[Int(hit.row) / VectorBlock.capacity].block.steps[Int(hit.row) % VectorBlock.capacity]
    }
}
