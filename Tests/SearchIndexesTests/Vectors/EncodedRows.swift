import Domain
import VectorKernels

/// Rows in arrays that are exactly as long as they need be, so that a sanitizer sees a kernel read beyond them.
struct EncodedRows {
    let dimensions: Int
    let width: Int
    var vectors: [Embedding] = []
    var upper: [UInt8] = []
    var lower: [UInt8] = []
    var steps: [Float] = []

    init(dimensions: Int) {
        self.dimensions = dimensions
        width = vk_plane_width(dimensions)
    }

    struct NotFinite: Error {}

    mutating func append(_ vector: Embedding, level: vk_level) throws(NotFinite) {
        var (upperRow, lowerRow) = ([UInt8](repeating: 0, count: width), [UInt8](repeating: 0, count: width))
        var step: Float = 0
        var scratch = [Float](repeating: 0, count: vk_scratch_length(dimensions))
        guard vk_encode_row(level, vector.values, dimensions, &scratch, &upperRow, &lowerRow, &step) else {
            throw NotFinite()
        }
        vectors.append(vector)
        upper += upperRow
        lower += lowerRow
        steps.append(step)
    }

    /// Ids are 0, 1, ...; rows are numbered from 5.
    func scan(_ query: EncodedQuery, wanted: Int, level: vk_level) -> [vk_hit] {
        let capacity = wanted + 3
        let ids = vectors.indices.map { Int64($0) }
        return [vk_hit](unsafeUninitializedCapacity: capacity) { buffer, count in
            var best = vk_best(
                hits: buffer.baseAddress, capacity: capacity, count: 0, wanted: wanted, threshold: -.infinity)
            vk_scan(level, upper, steps, ids, ids.count, 5, width, query.codes, &best)
            vk_thin(&best)
            count = best.count
        }
    }

    func refine(_ row: Int, _ query: EncodedQuery, level: vk_level) -> Float {
        vk_refine(
            level, Array(upper[row * width..<(row + 1) * width]), Array(lower[row * width..<(row + 1) * width]),
            steps[row], width, query.values)
    }

    /// Codes of the dimensions in their order, 0...255.
    func codes(_ row: Int) -> [Int] {
        let (upper, lower) = (upper[row * width..<(row + 1) * width], lower[row * width..<(row + 1) * width])
        return zip(upper, lower).map { Int($0 & 15) << 4 | Int($1 & 15) }
            + zip(upper, lower).map { Int($0 >> 4) << 4 | Int($1 >> 4) }
    }

    /// What a scan should say of a row.
    func plainScore(_ row: Int, _ query: EncodedQuery) -> Float {
        let middles = codes(row).map { Double($0 / 16 * 16) + 7.5 - 128 }
        return Float(zip(middles, query.codes).reduce(0) { $0 + $1.0 * Double($1.1) }) * steps[row]
    }
}

struct EncodedQuery {
    let vector: Embedding
    var values: [Float]
    var codes: [Int8]

    init?(_ vector: Embedding) {
        let dimensions = vector.values.count
        self.vector = vector
        values = [Float](repeating: 0, count: 2 * vk_plane_width(dimensions))
        codes = [Int8](repeating: 0, count: 2 * vk_plane_width(dimensions))
        var scratch = [Float](repeating: 0, count: vk_scratch_length(dimensions))
        guard vk_encode_query(vector.values, dimensions, &scratch, &values, &codes) else { return nil }
    }
}
