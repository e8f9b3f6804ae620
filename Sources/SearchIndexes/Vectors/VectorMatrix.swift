import VectorKernels

/// The compact vectors of one namespace, as they are at one moment: a value, cheap to copy, safe to search while a
/// `MatrixEdit` makes the next one.
struct VectorMatrix: Sendable {
    /// A block and the part of it that counts. Segments are in order of id, and no two overlap; within one, rows are in
    /// no particular order.
    struct Segment: Sendable {
        var block: VectorBlock
        var count: Int
        /// No id of this segment is lower, and none of an earlier one is as high.
        var lowest: Int64
        /// No id of this segment is higher.
        var highest: Int64
    }

    var segments: [Segment] = []
    /// Vectors in all segments.
    var count = 0
    /// Of every vector; 0 while there are none.
    var dimensions = 0

    /// Memory that the rows take. A block's memory is taken as rows are written to it, a page at a time in each of its
    /// four parts.
    var byteCount: Int {
        let row = 2 * vk_plane_width(dimensions) + MemoryLayout<Int64>.size + MemoryLayout<Float>.size
        return count * row + segments.count * 4 * 4096
    }

    /// What the kernels may use on this machine.
    static let level = vk_best_level()

    /// The segment that holds `id`, or that it would be added to; `nil` where there are none.
    func segmentIndex(for id: Int64) -> Int? {
        guard !segments.isEmpty else { return nil }
        var low = 0
        var high = segments.count
        while low < high {
            let middle = (low + high) / 2
            if segments[middle].lowest <= id { low = middle + 1 } else { high = middle }
        }
        return max(0, low - 1)
    }

    /// Where the vector of `id` is, if it is here.
    func position(of id: Int64) -> (segment: Int, row: Int)? {
        guard let index = segmentIndex(for: id) else { return nil }
        let segment = segments[index]
        guard id >= segment.lowest, id <= segment.highest else { return nil }
        return segment.block.row(of: id, among: segment.count).map { (index, $0) }
    }
}
