import Domain
import VectorKernels

/// Memory for up to `capacity` rows of a matrix: their codes in two planes, their steps and their ids.
///
/// How many rows there are is known to those who hold the block, each for itself. Rows that are counted by anybody but
/// a change in progress are never written to again; a change writes behind them, or into a block of its own.
///
/// Unchecked because it hands out memory: readers only read rows that were complete when they were told of them, under
/// a lock, and there is one writer at a time.
final class VectorBlock: @unchecked Sendable {
    /// Rows; 1024 of 384 dimensions are 396 KiB, copied in tens of microseconds where a row in use has to change.
    static let capacity = 1024

    /// Bytes of a row in each plane.
    let planeWidth: Int
    let upper: UnsafeMutablePointer<UInt8>
    let lower: UnsafeMutablePointer<UInt8>
    let steps: UnsafeMutablePointer<Float>
    let ids: UnsafeMutablePointer<Int64>
    private let pages: UnsafeMutableRawPointer

    init(planeWidth: Int) throws(ServiceError) {
        guard let pages = vk_allocate_pages(Self.byteCount(planeWidth)) else {
            throw ServiceError(.unavailable, "There is not enough memory to hold more vectors.")
        }
        let planeBytes = Self.capacity * planeWidth
        let numbers = pages + 2 * planeBytes
        self.pages = pages
        self.planeWidth = planeWidth
        upper = pages.bindMemory(to: UInt8.self, capacity: planeBytes)
        lower = (pages + planeBytes).bindMemory(to: UInt8.self, capacity: planeBytes)
        ids = numbers.bindMemory(to: Int64.self, capacity: Self.capacity)
        steps = (numbers + Self.capacity * MemoryLayout<Int64>.size)
            .bindMemory(to: Float.self, capacity: Self.capacity)
    }

    deinit { vk_free_pages(pages, Self.byteCount(planeWidth)) }

    private static func byteCount(_ planeWidth: Int) -> Int {
        capacity * (2 * planeWidth + MemoryLayout<Int64>.size + MemoryLayout<Float>.size)
    }

    func row(of id: Int64, among count: Int) -> Int? {
        let row = vk_find(ids, count, id)
        return row == count ? nil : row
    }

    func copyRow(_ row: Int, to target: VectorBlock, at targetRow: Int) {
        target.upper.advanced(by: targetRow * planeWidth).update(from: upper + row * planeWidth, count: planeWidth)
        target.lower.advanced(by: targetRow * planeWidth).update(from: lower + row * planeWidth, count: planeWidth)
        target.steps[targetRow] = steps[row]
        target.ids[targetRow] = ids[row]
    }

    /// A block of its own with the first `count` rows.
    func copy(count: Int) throws(ServiceError) -> VectorBlock {
        let copy = try VectorBlock(planeWidth: planeWidth)
        copy.upper.update(from: upper, count: count * planeWidth)
        copy.lower.update(from: lower, count: count * planeWidth)
        copy.steps.update(from: steps, count: count)
        copy.ids.update(from: ids, count: count)
        return copy
    }
}
