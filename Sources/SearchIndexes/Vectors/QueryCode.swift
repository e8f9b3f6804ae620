import Domain
import VectorKernels

/// A query as the kernels take it: bytes for the scan over all rows, floats for scoring the best of them again.
struct QueryCode: Sendable {
    let codes: [Int8]
    let values: [Float]

    init(_ query: Embedding) throws(ServiceError) {
        let dimensions = query.values.count
        let length = 2 * vk_plane_width(dimensions)
        var codes = [Int8](repeating: 0, count: length)
        var values = [Float](repeating: 0, count: length)
        var scratch = [Float](repeating: 0, count: vk_scratch_length(dimensions))
        guard dimensions > 0, vk_encode_query(query.values, dimensions, &scratch, &values, &codes) else {
            throw .invalid("The query's vector is empty, or has a number that is not finite.")
        }
        self.codes = codes
        self.values = values
    }
}
