import Domain
import Synchronization

/// A namespace whose vectors are in memory. Searching takes the matrix as it is and never waits for a change.
final class ResidentNamespace: ResidentIndex {
    private let current: Mutex<VectorMatrix>

    init(_ matrix: VectorMatrix) { current = Mutex(matrix) }

    var matrix: VectorMatrix { current.withLock { $0 } }
    var byteCount: Int { matrix.byteCount }

    /// Replaces the matrix by what `change` makes of it, or leaves it where that throws. Only ever one at a time.
    func edit(_ change: (inout MatrixEdit) throws -> Void) throws {
        var edit = MatrixEdit(matrix)
        try change(&edit)
        let next = edit.matrix
        current.withLock { $0 = next }
    }

    /// Reads the whole namespace from `source`. Vectors with numbers that are not finite are left out: nothing is near
    /// to them, and one damaged row must not close the namespace.
    static func load(_ namespace: Namespace, from source: any VectorSource) async throws -> ResidentNamespace {
        let progress = Progress()
        try await source.forEachVector(in: namespace) { id, vector in progress.add(id, vector) }
        return ResidentNamespace(try progress.result())
    }

    /// The matrix while it is read; a source may call from any thread.
    private final class Progress: Sendable {
        private let state = Mutex((edit: MatrixEdit(), error: ServiceError?.none))

        func add(_ id: Chunk.ID, _ vector: UnsafeBufferPointer<Float>) {
            state.withLock { state in
                guard state.error == nil else { return }
                do throws(ServiceError) {
                    _ = try state.edit.upsert(id.rawValue, vector)
                } catch {
                    state.error = error
                }
            }
        }

        func result() throws(ServiceError) -> VectorMatrix {
            let (matrix, error) = state.withLock { ($0.edit.matrix, $0.error) }
            if let error { throw error }
            return matrix
        }
    }
}
