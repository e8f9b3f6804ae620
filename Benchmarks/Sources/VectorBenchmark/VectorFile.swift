import Domain
import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Numbers in a file as they are in memory, mapped, never closed: the benchmark reads them to its end.
struct MappedFile<Element: BitwiseCopyable>: @unchecked Sendable {  // The memory is never written to.
    let elements: UnsafeBufferPointer<Element>

    init(_ path: String) throws {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { throw ServiceError.notFound("Cannot open \(path); run vectors.py data first.") }
        defer { close(file) }
        let size = Int(lseek(file, 0, SEEK_END))
        guard size > 0, let memory = mmap(nil, size, PROT_READ, MAP_SHARED, file, 0), memory != MAP_FAILED else {
            throw ServiceError.invalid("Cannot map \(path).")
        }
        elements = UnsafeRawBufferPointer(start: memory, count: size).bindMemory(to: Element.self)
    }
}

/// The exact vectors, from a raw file of little-endian floats instead of SQL. Ids are row numbers, namespaces the
/// number of rows.
struct VectorFile: VectorSource {
    let dimensions: Int
    let rows: MappedFile<Float>

    func forEachVector(
        in namespace: Namespace, _ body: @escaping @Sendable (Chunk.ID, UnsafeBufferPointer<Float>) -> Void
    ) async throws {
        for row in 0..<(Int(namespace.rawValue) ?? 0) { body(Chunk.ID(rawValue: Int64(row)), vector(row)) }
    }

    func vectors(of chunks: [Chunk.ID]) async throws -> [(id: Chunk.ID, embedding: Embedding)] {
        chunks.map { ($0, Embedding(Array(vector(Int($0.rawValue))))) }
    }

    func vector(_ row: Int) -> UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(rebasing: rows.elements[row * dimensions..<(row + 1) * dimensions])
    }
}
