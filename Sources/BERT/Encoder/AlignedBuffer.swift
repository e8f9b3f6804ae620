/// Numbers at an address that is a multiple of 64, the width of a vector and of a cache line.
///
/// `@unchecked Sendable` holds because whoever makes a buffer either fills it before sharing it and never writes again
/// (weights), or keeps it to one thread at a time (`ScratchBuffers`).
final class AlignedBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<Element>
    let count: Int

    /// Filled with zeros.
    init(count: Int) {
        let bytes = max(count, 1) * MemoryLayout<Element>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        pointer = memory.bindMemory(to: Element.self, capacity: count)
        self.count = count
    }

    deinit { UnsafeMutableRawPointer(pointer).deallocate() }
}

/// `count` rounded up to what the kernels want of every column count.
func padded(_ count: Int) -> Int { (count + 63) / 64 * 64 }
