/// A Unicode encoding form, found by its byte order mark or by the pattern of its bytes.
enum UnicodeEncoding: Equatable {
    /// Also what is not Unicode at all: only validating the whole text tells.
    case utf8
    case utf16(bigEndian: Bool)
    case utf32(bigEndian: Bool)

    static func detect(_ bytes: [UInt8]) -> UnicodeEncoding {
        byteOrderMark(bytes)?.encoding ?? byPattern(bytes)
    }

    /// The mark at the start, and its length in bytes. UTF-32 goes first: its little-endian mark begins like UTF-16's.
    static func byteOrderMark(_ bytes: [UInt8]) -> (encoding: UnicodeEncoding, length: Int)? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
        if bytes.starts(with: [0xFF, 0xFE, 0, 0]) { return (.utf32(bigEndian: false), 4) }
        if bytes.starts(with: [0, 0, 0xFE, 0xFF]) { return (.utf32(bigEndian: true), 4) }
        if bytes.starts(with: [0xFF, 0xFE]) { return (.utf16(bigEndian: false), 2) }
        if bytes.starts(with: [0xFE, 0xFF]) { return (.utf16(bigEndian: true), 2) }
        return nil
    }

    /// Without a mark the wide forms are recognised by the NUL bytes which every text in them has, if only in its spaces.
    private static func byPattern(_ bytes: [UInt8]) -> UnicodeEncoding {
        let sample = bytes.prefix(4096)
        guard sample.count >= 4, sample.contains(0) else { return .utf8 }
        for bigEndian in [false, true] where isPlausibleUTF32(sample, bigEndian: bigEndian) {
            return .utf32(bigEndian: bigEndian)
        }
        let little = plausibility(sample, bigEndian: false)
        let big = plausibility(sample, bigEndian: true)
        switch max(little, big) {
        case 0: return .utf8
        default: return .utf16(bigEndian: big > little)
        }
    }

    private static func isPlausibleUTF32(_ sample: ArraySlice<UInt8>, bigEndian: Bool) -> Bool {
        guard sample.count >= 8 else { return false }
        let places = stride(from: sample.startIndex, to: sample.endIndex - 3, by: 4)
        var common = 0, all = 0
        for index in places {
            let four = sample[index..<index + 4]
            let ordered = bigEndian ? Array(four) : four.reversed()
            let value = ordered.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            guard value != 0, Unicode.Scalar(value) != nil else { return false }
            all += 1
            if value < 0x10000 { common += 1 }
        }
        // Texts are written in the first plane; what other bytes give lies anywhere.
        return common * 10 >= all * 9
    }

    /// How many UTF-16 units are white space or common punctuation; 0 where too many are what no text holds.
    ///
    /// Swapped bytes turn a space into U+2000 and a line feed into U+0A00, so the right order always has more of them.
    private static func plausibility(_ sample: ArraySlice<UInt8>, bigEndian: Bool) -> Int {
        var common = 0
        var bad = 0
        var units = 0
        var index = sample.startIndex
        while index + 1 < sample.endIndex {
            let unit =
                bigEndian
                ? UInt16(sample[index]) << 8 | UInt16(sample[index + 1])
                : UInt16(sample[index + 1]) << 8 | UInt16(sample[index])
            if [0x20, 0x0A, 0x0D, 0x09, 0x2C, 0x2E, 0x3000, 0x3001, 0x3002, 0xFF0C].contains(unit) { common += 1 }
            if isImplausible(unit) { bad += 1 }
            units += 1
            index += 2
        }
        if units <= 16, bad == 0 { common += isMostlyASCII(sample, bigEndian: bigEndian) ? 1 : 0 }
        return bad * 50 <= units ? common : 0
    }

    /// Controls, private use and the end of the plane, of which random bytes make a tenth.
    private static func isImplausible(_ unit: UInt16) -> Bool {
        (unit < 0x20 && !(0x09...0x0D).contains(unit)) || (0x7F..<0xA0).contains(unit)
            || (0xE000..<0xF900).contains(unit) || (0xFDD0..<0xFDF0).contains(unit) || unit >= 0xFFF0
    }

    /// A single word has no space; then every high byte of a Latin text is zero.
    private static func isMostlyASCII(_ sample: ArraySlice<UInt8>, bigEndian: Bool) -> Bool {
        let offset = bigEndian ? 0 : 1
        return stride(from: sample.startIndex + offset, to: sample.endIndex, by: 2).allSatisfy { sample[$0] == 0 }
    }
}
