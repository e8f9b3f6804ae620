import Domain
import VectorKernels

/// A change to a matrix: starts from one, ends in the next, and leaves the first as it was for those who search it.
///
/// Rows are only added behind those in use; where one has to be replaced or removed, its block is copied first, once in
/// a change. An edit that is thrown away halfway has changed nothing. Of one matrix there must be one edit at a time.
struct MatrixEdit {
    private(set) var matrix: VectorMatrix
    /// Blocks made by this edit, which nobody else can see yet.
    private var ownBlocks: Set<ObjectIdentifier> = []
    private var scratch: [Float] = []

    init(_ matrix: VectorMatrix = VectorMatrix()) { self.matrix = matrix }

    /// Adds the vector or replaces the one of that id. Returns false where it has a number that is not finite; throws
    /// where its dimensions are not those of the others.
    mutating func upsert(_ id: Int64, _ vector: UnsafeBufferPointer<Float>) throws(ServiceError) -> Bool {
        try fit(dimensions: vector.count)
        if let (segment, row) = matrix.position(of: id) {
            try own(segment)
            return encode(vector, id: id, segment: segment, row: row)
        }
        let segment = try room(for: id)
        let row = matrix.segments[segment].count
        guard encode(vector, id: id, segment: segment, row: row) else { return false }
        matrix.segments[segment].count += 1
        matrix.segments[segment].lowest = min(matrix.segments[segment].lowest, id)
        matrix.segments[segment].highest = max(matrix.segments[segment].highest, id)
        matrix.count += 1
        return true
    }

    /// Removes the vector, if it is here; the last row of its block takes its place.
    mutating func remove(_ id: Int64) throws(ServiceError) {
        guard let (index, row) = matrix.position(of: id) else { return }
        try own(index)
        let segment = matrix.segments[index]
        let last = segment.count - 1
        if row != last { segment.block.copyRow(last, to: segment.block, at: row) }
        matrix.segments[index].count = last
        matrix.count -= 1
    }

    /// Gives up blocks that are no longer needed; call it after removing.
    mutating func compact() {
        var kept: [VectorMatrix.Segment] = []
        for segment in matrix.segments where segment.count > 0 {
            // Below half a block together, so that an id that comes back does not split them at once.
            guard let left = kept.last, left.count + segment.count <= VectorBlock.capacity / 2 else {
                kept.append(segment)
                continue
            }
            for row in 0..<segment.count { segment.block.copyRow(row, to: left.block, at: left.count + row) }
            kept[kept.count - 1].count += segment.count
            kept[kept.count - 1].highest = segment.highest
        }
        matrix.segments = kept
        if kept.isEmpty { matrix.dimensions = 0 }
    }

    private mutating func fit(dimensions: Int) throws(ServiceError) {
        guard dimensions > 0 else { throw .invalid("A vector needs at least one dimension.") }
        if matrix.dimensions == 0 {
            matrix.dimensions = dimensions
            scratch = []
        }
        try matrix.requireDimensions(dimensions)
        if scratch.isEmpty { scratch = [Float](repeating: 0, count: vk_scratch_length(dimensions)) }
    }

    private mutating func encode(_ vector: UnsafeBufferPointer<Float>, id: Int64, segment: Int, row: Int) -> Bool {
        // `fit` has refused vectors without numbers, and only those have no address.
        let address = vector.baseAddress!
        let block = matrix.segments[segment].block
        let offset = row * block.planeWidth
        let isFinite = scratch.withUnsafeMutableBufferPointer {
            vk_encode_row(
                VectorMatrix.level, address, vector.count, $0.baseAddress, block.upper + offset, block.lower + offset,
                block.steps + row)
        }
        if isFinite { block.ids[row] = id }
        return isFinite
    }

    /// Makes sure that the rows of a segment may be written to.
    private mutating func own(_ index: Int) throws(ServiceError) {
        let segment = matrix.segments[index]
        guard !ownBlocks.contains(ObjectIdentifier(segment.block)) else { return }
        let copy = try segment.block.copy(count: segment.count)
        ownBlocks.insert(ObjectIdentifier(copy))
        matrix.segments[index].block = copy
    }

    private mutating func newBlock() throws(ServiceError) -> VectorBlock {
        let block = try VectorBlock(planeWidth: vk_plane_width(matrix.dimensions))
        ownBlocks.insert(ObjectIdentifier(block))
        return block
    }

    /// The segment to add a new `id` to, with room for it.
    private mutating func room(for id: Int64) throws(ServiceError) -> Int {
        guard let index = matrix.segmentIndex(for: id) else { return try insertSegment(for: id, at: 0) }
        let segment = matrix.segments[index]
        if segment.count < VectorBlock.capacity { return index }
        if id > segment.highest { return try insertSegment(for: id, at: index + 1) }
        if id < segment.lowest { return try insertSegment(for: id, at: index) }
        try split(index, near: id)
        return matrix.segments[index + 1].lowest <= id ? index + 1 : index
    }

    private mutating func insertSegment(for id: Int64, at index: Int) throws(ServiceError) -> Int {
        let segment = VectorMatrix.Segment(block: try newBlock(), count: 0, lowest: id, highest: id)
        matrix.segments.insert(segment, at: index)
        return index
    }

    /// Divides a full segment in two, as near to where `id` belongs as leaves neither part small: ids often come in
    /// runs, and what follows a run then need not be split again.
    private mutating func split(_ index: Int, near id: Int64) throws(ServiceError) {
        let segment = matrix.segments[index]
        let rows = (0..<segment.count).sorted { segment.block.ids[$0] < segment.block.ids[$1] }
        let rank = rows.firstIndex { segment.block.ids[$0] > id } ?? rows.count
        let cut = min(max(rank, rows.count / 4), rows.count * 3 / 4)
        let parts = [try segmentOf(rows[..<cut], in: segment.block), try segmentOf(rows[cut...], in: segment.block)]
        matrix.segments.replaceSubrange(index...index, with: parts)
    }

    /// A new segment of `rows`, which are in order of id.
    private mutating func segmentOf(
        _ rows: ArraySlice<Int>, in source: VectorBlock
    ) throws(ServiceError) -> VectorMatrix.Segment {
        let block = try newBlock()
        for (target, row) in rows.enumerated() { source.copyRow(row, to: block, at: target) }
        return VectorMatrix.Segment(
            block: block, count: rows.count, lowest: block.ids[0], highest: block.ids[rows.count - 1])
    }
}

extension VectorMatrix {
    /// Throws where there are vectors and theirs is another number of dimensions.
    func requireDimensions(_ dimensions: Int) throws(ServiceError) {
        guard self.dimensions == 0 || dimensions == self.dimensions else {
            throw ServiceError(
                .conflict,
                "The stored vectors have \(self.dimensions) dimensions and this one has \(dimensions): they are of "
                    + "different embedding models, and the documents must be embedded again.")
        }
    }
}
