/// The four normalization forms of Unicode (Annex 15), by the tables of the `tokenizers` package.
struct UnicodeNormalizer: Sendable {
    enum Form: String, Sendable {
        case canonicalDecomposition = "NFD"
        case canonicalComposition = "NFC"
        case compatibleDecomposition = "NFKD"
        case compatibleComposition = "NFKC"

        var isCompatible: Bool { self == .compatibleDecomposition || self == .compatibleComposition }
        var composes: Bool { self == .canonicalComposition || self == .compatibleComposition }
    }

    private struct Part {
        var code: UInt32
        /// Of its canonical combining class; 0 for class 0.
        let rank: UInt8
    }

    private let form: Form
    private let unicode = UnicodeProperties.shared
    private let compositions = Compositions.shared

    init(_ form: Form) { self.form = form }

    func normalized(_ text: [UInt8]) -> [UInt8] {
        if text.allSatisfy({ $0 < 0x80 }) { return text }
        var parts = decomposed(text)
        sort(&parts)
        if form.composes { parts = composed(parts) }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        for part in parts { result.appendUTF8(part.code) }
        return result
    }

    private func decomposed(_ text: [UInt8]) -> [Part] {
        var parts: [Part] = []
        parts.reserveCapacity(text.count)
        func add(_ code: UInt32) { parts.append(Part(code: code, rank: unicode.combiningClass(code))) }
        text.withUnsafeBufferPointer { bytes in
            var index = 0
            while index < bytes.count {
                let code = bytes.codePoint(at: &index)
                if code < 0x80 {
                    parts.append(Part(code: code, rank: 0))
                } else if form.isCompatible, let codes = compositions.compatibility[code] {
                    for code in codes { add(code) }
                } else {
                    unicode.forEachDecomposed(code, add)
                }
            }
        }
        return parts
    }

    /// Canonical ordering: what stands between two code points of class 0 by its class, and else as it stood.
    private func sort(_ parts: inout [Part]) {
        var start = 0
        while let first = parts[start...].firstIndex(where: { $0.rank > 0 }) {
            let end = parts[first...].firstIndex { $0.rank == 0 } ?? parts.count
            if end - first > 1 {
                let run = parts[first..<end].enumerated().sorted {
                    ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset)
                }
                parts.replaceSubrange(first..<end, with: run.map(\.element))
            }
            start = end
        }
    }

    private func composed(_ parts: [Part]) -> [Part] {
        var result: [Part] = []
        result.reserveCapacity(parts.count)
        var starter: Int?
        // Of what stands between the starter and the next part; one that is not lower keeps the two apart.
        var rankBetween = -1
        for part in parts {
            if let starter, rankBetween < Int(part.rank),
                let code = compositions.composed(result[starter].code, part.code)
            {
                result[starter].code = code
                continue
            }
            if part.rank == 0 {
                starter = result.count
                rankBetween = -1
            } else {
                rankBetween = Int(part.rank)
            }
            result.append(part)
        }
        return result
    }
}

/// The tables that only normalization forms need, read at the first use.
private struct Compositions: Sendable {
    static let shared = Compositions()

    /// By both code points, the first in the upper half.
    private var pairs: [UInt64: UInt32] = [:]
    let compatibility: [UInt32: [UInt32]]

    private init() {
        compatibility = Base36Numbers.mapping(UnicodeTables.compatibility)
        for (code, parts) in Base36Numbers.mapping(UnicodeTables.composition) {
            pairs[UInt64(parts[0]) << 32 | UInt64(parts[1])] = code
        }
    }

    func composed(_ first: UInt32, _ second: UInt32) -> UInt32? {
        // Hangul, section 3.12 of the Unicode Standard
        if 0x1100..<0x1113 ~= first, 0x1161..<0x1176 ~= second {
            return 0xAC00 + ((first - 0x1100) * 21 + second - 0x1161) * 28
        }
        if 0xAC00..<0xD7A4 ~= first, (first - 0xAC00).isMultiple(of: 28), 0x11A8..<0x11C3 ~= second {
            return first + second - 0x11A7
        }
        return pairs[UInt64(first) << 32 | UInt64(second)]
    }
}
