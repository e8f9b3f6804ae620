/// Where a term is, and how often: rows in ascending order, each as the distance from the one before it and a count, in the
/// variable-length bytes of LEB128. Mostly two bytes for each.
struct PostingList: Sendable {
    private(set) var count = 0
    private var lastRow = -1
    private var bytes: [UInt8] = []

    var byteCount: Int { bytes.capacity + MemoryLayout<PostingList>.stride }

    /// `row` is greater than all before it.
    mutating func append(row: Int, frequency: Int) {
        append(row - lastRow)
        append(frequency)
        lastRow = row
        count += 1
    }

    private mutating func append(_ value: Int) {
        var rest = UInt(value)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    @inline(__always)
    func forEach(_ body: (_ row: Int, _ frequency: Int) -> Void) {
        bytes.withUnsafeBufferPointer { bytes in
            var position = 0
            @inline(__always) func next() -> Int {
                var value = Int(bytes[position])
                position += 1
                guard value >= 0x80 else { return value }
                value &= 0x7F
                var shift = 7
                while true {
                    let byte = Int(bytes[position])
                    position += 1
                    value |= (byte & 0x7F) << shift
                    if byte < 0x80 { return value }
                    shift += 7
                }
            }
            var row = -1
            while position < bytes.count {
                row += next()
                body(row, next())
            }
        }
    }
}
