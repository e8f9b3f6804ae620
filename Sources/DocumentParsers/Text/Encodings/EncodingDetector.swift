import CUchardet

/// Finds the encoding of bytes that nobody labelled: of all candidates the one in which they are the most probable text of
/// some language.
///
/// What no text holds (undefined bytes, control characters, unassigned code points, frames within words) counts against a
/// candidate; then, how common the characters are beside each other. See `CharacterFrequencies` for where that is from.
enum EncodingDetector {
    struct Candidate: Sendable {
        let encoding: LegacyEncoding
        let groups: [LanguageModels.Group]
        /// How seldom the encoding is met, in quarters of a nat.
        let rarity: Int
    }

    static func decode(_ bytes: [UInt8]) -> String {
        let encoding = ISO2022.encoding(of: bytes[...]) ?? ranking(of: bytes).first?.encoding ?? .windows1252
        return encoding.decode(bytes) ?? String(decoding: bytes, as: UTF8.self)
    }

    /// The candidates, likeliest first, with their costs in quarters of a nat.
    static func ranking(of bytes: [UInt8]) -> [(encoding: LegacyEncoding, cost: Int)] {
        let candidates = candidates + guess(bytes)
        let first = rank(candidates, by: EncodingSample(bytes, length: firstSample).bytes)
        let second = EncodingSample(bytes, length: secondSample).bytes
        let finalists = first.prefix(finalistCount).filter { $0.cost < first[0].cost + 200 }
        return rank(finalists.map(\.candidate), by: second).map { ($0.candidate.encoding, $0.cost) }
    }

    private static let firstSample = 240
    private static let secondSample = 2400
    private static let finalistCount = 8

    private static func rank(
        _ candidates: [Candidate], by sample: [UInt8]
    ) -> [(candidate: Candidate, cost: Int)] {
        let plain = LegacyEncoding.windows1252.decode(sample).map(CharacterStream.init)
        let leastASCII = plain.map(LanguageModels.leastASCIICost)
        return candidates.compactMap { candidate -> (candidate: Candidate, cost: Int)? in
            guard let text = candidate.encoding.decode(sample) else { return nil }
            let cost = LanguageModels.cost(of: CharacterStream(text), in: candidate.groups, leastASCII: leastASCII)
            return (candidate, cost + candidate.rarity)
        }.sorted { $0.cost < $1.cost }
    }

    /// What uchardet takes the bytes for, where it is none of the usual candidates.
    private static func guess(_ bytes: [UInt8]) -> [Candidate] {
        guard let detector = uchardet_new() else { return [] }
        defer { uchardet_delete(detector) }
        let sample = EncodingSample(bytes, length: 64 << 10).bytes
        let failed = sample.withUnsafeBytes { buffer in
            uchardet_handle_data(detector, buffer.bindMemory(to: CChar.self).baseAddress, buffer.count)
        }
        uchardet_data_end(detector)
        guard failed == 0, let name = uchardet_get_charset(detector).map({ String(cString: $0) }), !name.isEmpty,
            name != "ASCII", !name.hasPrefix("UTF-")
        else { return [] }
        var encoding = LegacyEncoding.other(name)
        if case .legacy(let known)? = EncodingLabel.meaning(of: name) { encoding = known }
        guard !candidates.contains(where: { $0.encoding == encoding }) else { return [] }
        return [Candidate(encoding: encoding, groups: LanguageModels.Group.allCases, rarity: 16)]
    }

    private static let candidates: [Candidate] = [
        Candidate(encoding: .windows1252, groups: [.western], rarity: 0),
        Candidate(encoding: .singleByte("ISO-8859-15"), groups: [.western], rarity: 6),
        Candidate(encoding: .singleByte("MACINTOSH"), groups: [.western], rarity: 16),
        Candidate(encoding: .singleByte("CP850"), groups: [.western], rarity: 14),
        Candidate(encoding: .singleByte("CP437"), groups: [.western], rarity: 16),
        Candidate(encoding: .singleByte("WINDOWS-1250"), groups: [.centralEuropean], rarity: 1),
        Candidate(encoding: .singleByte("ISO-8859-2"), groups: [.centralEuropean], rarity: 4),
        Candidate(encoding: .singleByte("CP852"), groups: [.centralEuropean], rarity: 14),
        Candidate(encoding: .singleByte("MAC-CENTRALEUROPE"), groups: [.centralEuropean], rarity: 20),
        Candidate(encoding: .singleByte("ISO-8859-16"), groups: [.centralEuropean], rarity: 16),
        Candidate(encoding: .singleByte("WINDOWS-1254"), groups: [.turkish], rarity: 3),
        Candidate(encoding: .singleByte("CP857"), groups: [.turkish], rarity: 16),
        Candidate(encoding: .singleByte("WINDOWS-1257"), groups: [.baltic], rarity: 4),
        Candidate(encoding: .singleByte("ISO-8859-4"), groups: [.baltic], rarity: 14),
        Candidate(encoding: .singleByte("ISO-8859-13"), groups: [.baltic], rarity: 8),
        Candidate(encoding: .singleByte("CP775"), groups: [.baltic], rarity: 18),
        Candidate(encoding: .singleByte("ISO-8859-3"), groups: [.esperanto], rarity: 18),
        Candidate(encoding: .singleByte("WINDOWS-1258"), groups: [.vietnamese], rarity: 6),
        Candidate(encoding: .singleByte("VISCII"), groups: [.vietnamese], rarity: 14),
        Candidate(encoding: .singleByte("WINDOWS-1251"), groups: [.cyrillic], rarity: 0),
        Candidate(encoding: .singleByte("KOI8-R"), groups: [.cyrillic], rarity: 4),
        Candidate(encoding: .singleByte("KOI8-U"), groups: [.cyrillic], rarity: 5),
        Candidate(encoding: .singleByte("IBM866"), groups: [.cyrillic], rarity: 8),
        Candidate(encoding: .singleByte("CP855"), groups: [.cyrillic], rarity: 20),
        Candidate(encoding: .singleByte("ISO-8859-5"), groups: [.cyrillic], rarity: 12),
        Candidate(encoding: .singleByte("MAC-CYRILLIC"), groups: [.cyrillic], rarity: 12),
        Candidate(encoding: .singleByte("WINDOWS-1253"), groups: [.greek], rarity: 1),
        Candidate(encoding: .singleByte("ISO-8859-7"), groups: [.greek], rarity: 4),
        Candidate(encoding: .singleByte("CP737"), groups: [.greek], rarity: 12),
        Candidate(encoding: .singleByte("CP869"), groups: [.greek], rarity: 18),
        Candidate(encoding: .singleByte("WINDOWS-1255"), groups: [.hebrew], rarity: 1),
        Candidate(encoding: .singleByte("ISO-8859-8"), groups: [.hebrew], rarity: 6),
        Candidate(encoding: .singleByte("CP862"), groups: [.hebrew], rarity: 14),
        Candidate(encoding: .singleByte("WINDOWS-1256"), groups: [.arabic], rarity: 1),
        Candidate(encoding: .singleByte("ISO-8859-6"), groups: [.arabic], rarity: 6),
        Candidate(encoding: .singleByte("CP874"), groups: [.thai], rarity: 1),
        Candidate(encoding: .shiftJIS, groups: [.japanese], rarity: 0),
        Candidate(encoding: .eucJP, groups: [.japanese], rarity: 3),
        Candidate(encoding: .eucKR, groups: [.korean], rarity: 0),
        Candidate(encoding: .gb18030, groups: [.simplifiedChinese], rarity: 0),
        Candidate(encoding: .big5, groups: [.traditionalChinese], rarity: 0),
    ]
}
