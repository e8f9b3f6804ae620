import FoundationEssentials

/// The replacements of a SentencePiece model, in the form that is stored with it as `precompiled_charsmap`: the length of a
/// trie in bytes, the trie, then the replacements, each ended by a zero byte
/// (https://github.com/google/sentencepiece/blob/master/src/normalizer.cc, `DecodePrecompiledCharsMap`).
///
/// The trie is a double array of darts-clone (https://github.com/s-yata/darts-clone): each unit of 32 bits holds the byte
/// that leads to it, and the number that its own place is combined with, by exclusive or, to find the place of its children.
/// That combined with a byte is the place of the child for that byte, and with 0 that of the value. Every path through the
/// trie is followed when it is loaded, so that no text can lead out of it.
struct PrecompiledMap: Sendable {
    private let units: [UInt32]
    private let replacements: [UInt8]
    /// What becomes of a byte below 0x80 that stands alone; an empty range for what stays.
    private var ascii: [Range<Int>?] = []

    /// A cluster of this many bytes is never replaced as a whole.
    private static let longCluster = 6
    /// Following the paths of more would take seconds; that of nmt_nfkc has 45,000.
    private static let maximumUnits = 1 << 22
    /// Longer ones would let a short text exhaust memory; those of Unicode have 33 bytes at most.
    private static let maximumReplacement = 1024

    init(base64 text: String) throws(BERTError) {
        guard let data = Data(base64Encoded: text), data.count >= 4 else {
            throw Self.damaged("is not base64 of a trie")
        }
        let bytes = Array(data)
        func word(_ offset: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
        }
        let count = Int(word(0)) / 4
        guard count > 0, count <= (bytes.count - 4) / 4 else { throw Self.damaged("is cut short") }
        guard count <= Self.maximumUnits else { throw Self.damaged("has too large a trie") }
        units = (0..<count).map { word(4 + $0 * 4) }
        replacements = Array(bytes[(4 + count * 4)...])
        guard String(validating: replacements, as: UTF8.self) != nil else {
            throw Self.damaged("has replacements that are not UTF-8")
        }
        try check()
        ascii = (0..<0x80).map { byte in [UInt8(byte)].withUnsafeBufferPointer { replacement(of: $0[...]) } }
    }

    /// Appends the text with its replacements, which must be valid UTF-8.
    ///
    /// As the `tokenizers` package has it: of a short cluster the shortest beginning that is in the trie stands for all of
    /// it, and is replaced; where there is none, and in long clusters, each code point is replaced by itself.
    func append(_ text: UnsafeBufferPointer<UInt8>, to target: inout [UInt8]) {
        var index = 0
        while index < text.count {
            let byte = text[index]
            // Between two of ASCII there is always a boundary, but for a carriage return and a line feed.
            if byte < 0x80, byte != 0x0D, index + 1 == text.count || text[index + 1] < 0x80 {
                if let range = ascii[Int(byte)] { target += replacements[range] } else { target.append(byte) }
                index += 1
            } else {
                let end = clusterEnd(text, index)
                if end - index < Self.longCluster, let range = replacement(of: text[index..<end]) {
                    target += replacements[range]
                } else {
                    appendCodePoints(text, index..<end, to: &target)
                }
                index = end
            }
        }
    }

    private func clusterEnd(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
        var breaker = GraphemeBreaker()
        var end = start
        while end < text.count {
            var next = end
            if breaker.breaks(before: text.codePoint(at: &next)) { break }
            end = next
        }
        return end
    }

    private func appendCodePoints(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, to target: inout [UInt8]) {
        var index = range.lowerBound
        while index < range.upperBound {
            let start = index
            _ = text.codePoint(at: &index)
            if let replaced = replacement(of: text[start..<index]) {
                target += replacements[replaced]
            } else {
                target += text[start..<index]
            }
        }
    }

    /// Where the replacement is of the shortest beginning of `key` that has one.
    private func replacement(of key: Slice<UnsafeBufferPointer<UInt8>>) -> Range<Int>? {
        var place = Self.offset(units[0])
        for byte in key {
            if byte == 0 { return nil }
            place ^= Int(byte)
            let unit = units[place]
            guard Self.label(unit) == UInt32(byte) else { return nil }
            place ^= Self.offset(unit)
            if Self.hasValue(unit) { return value(at: place) }
        }
        return nil
    }

    private func value(at place: Int) -> Range<Int> {
        let start = Int(units[place] & 0x7FFF_FFFF)
        return start..<(replacements[start...].firstIndex(of: 0) ?? replacements.count)
    }

    // The top bit of a label tells values from units that have children.
    private static func label(_ unit: UInt32) -> UInt32 { unit & 0x8000_00FF }
    private static func hasValue(_ unit: UInt32) -> Bool { unit & 0x100 != 0 }
    private static func offset(_ unit: UInt32) -> Int { Int(unit >> 10) << Int((unit & 0x200) >> 6) }

    private static func damaged(_ reason: String) -> BERTError {
        .damaged(file: TokenizerFile.file, reason: "its precompiled_charsmap \(reason)")
    }
}

extension PrecompiledMap {
    private enum Visit: UInt8 { case none, under, done }

    /// Follows every path from the root. Paths may meet, for darts-clone keeps equal ends once, but none may come back to
    /// where it was.
    private func check() throws(BERTError) {
        var visits = [Visit](repeating: .none, count: units.count)
        var path: [(place: Int, label: Int)] = [(try children(0), 1)]
        visits[path[0].place] = .under
        while let (place, label) = path.last {
            guard label < 0x100 else {
                visits[place] = .done
                path.removeLast()
                continue
            }
            path[path.count - 1].label += 1
            let child = place ^ label
            guard Self.label(units[child]) == UInt32(label) else { continue }
            let next = try children(child)
            if Self.hasValue(units[child]) { try checkValue(at: next) }
            guard visits[next] != .under else { throw Self.damaged("goes in circles") }
            if visits[next] == .none {
                visits[next] = .under
                path.append((next, 1))
            }
        }
    }

    /// Where the children of the unit are: all of the 256 places that differ in the last byte.
    private func children(_ unit: Int) throws(BERTError) -> Int {
        let place = unit ^ Self.offset(units[unit])
        guard place | 0xFF < units.count else { throw Self.damaged("leads out of its trie") }
        return place
    }

    private func checkValue(at place: Int) throws(BERTError) {
        let start = Int(units[place] & 0x7FFF_FFFF)
        // Not in the middle of a code point.
        guard start <= replacements.count, start == replacements.count || replacements[start] & 0xC0 != 0x80 else {
            throw Self.damaged("has a replacement that is not there")
        }
        guard value(at: place).count <= Self.maximumReplacement else { throw Self.damaged("has endless replacements") }
    }
}
