/// The tokens of a vocabulary by their bytes, and the other way round.
struct TokenTable: Sendable {
    /// Bytes of all tokens, one after the other.
    private let bytes: [UInt8]
    /// Where each token begins in `bytes`, and the end of the last one.
    private let starts: [UInt32]
    /// Open addressing: the token and, above it, bits of its hash that spare most comparisons; 0 is an empty place.
    private let places: [UInt64]
    private let mask: Int
    let longestToken: Int

    var count: Int { starts.count - 1 }

    /// - Parameter tokens: each as its bytes, in the order of their ids.
    init(_ tokens: [ArraySlice<UInt8>]) {
        var bytes: [UInt8] = []
        var starts: [UInt32] = [0]
        for token in tokens {
            bytes.append(contentsOf: token)
            starts.append(UInt32(bytes.count))
        }
        var size = 16
        while size < tokens.count * 2 { size *= 2 }
        var places = [UInt64](repeating: 0, count: size)
        bytes.withUnsafeBufferPointer { all in
            for id in tokens.indices {
                let hash = Self.hash(UnsafeBufferPointer(rebasing: all[Int(starts[id])..<Int(starts[id + 1])]))
                var place = Int(truncatingIfNeeded: hash) & (size - 1)
                while places[place] != 0 { place = (place + 1) & (size - 1) }
                places[place] = Self.entry(hash, id)
            }
        }
        self.bytes = bytes
        self.starts = starts
        self.places = places
        mask = size - 1
        longestToken = tokens.map(\.count).max() ?? 0
    }

    func bytes(of id: Int) -> ArraySlice<UInt8> { bytes[Int(starts[id])..<Int(starts[id + 1])] }

    /// The token that these bytes are; `nil` where they are none.
    @inline(__always)
    func id(of text: UnsafeBufferPointer<UInt8>) -> Int? {
        guard text.count <= longestToken else { return nil }
        let hash = Self.hash(text)
        let wanted = Self.entry(hash, 0) >> 32
        return places.withUnsafeBufferPointer { places in
            var place = Int(truncatingIfNeeded: hash) & mask
            while places[place] != 0 {
                if places[place] >> 32 == wanted {
                    let id = Int(places[place] & 0xFFFF_FFFF)
                    if isToken(id, text) { return id }
                }
                place = (place + 1) & mask
            }
            return nil
        }
    }

    @inline(__always)
    private func isToken(_ id: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.withUnsafeBufferPointer { bytes in
            let start = Int(starts[id])
            guard Int(starts[id + 1]) - start == text.count else { return false }
            for offset in text.indices where bytes[start + offset] != text[offset] { return false }
            return true
        }
    }

    /// Never 0 in its upper half, so that an entry is never mistaken for an empty place.
    private static func entry(_ hash: UInt64, _ id: Int) -> UInt64 { (hash >> 32 | 1) << 32 | UInt64(id) }

    /// Eight bytes at a time, mixed by multiplication with an odd constant (the golden ratio's).
    @inline(__always)
    private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash = UInt64(text.count) &* 0x9E37_79B9_7F4A_7C15
        var offset = 0
        while offset + 8 <= text.count {
            mix(&hash, UnsafeRawPointer(text.baseAddress!).loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset += 8
        }
        if offset < text.count {
            var rest: UInt64 = 0
            while offset < text.count {
                rest = rest << 8 | UInt64(text[offset])
                offset += 1
            }
            mix(&hash, rest)
        }
        return hash ^ hash >> 29
    }

    @inline(__always)
    private static func mix(_ hash: inout UInt64, _ word: UInt64) {
        hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
        hash ^= hash >> 32
    }
}
