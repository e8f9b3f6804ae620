/// The encodings of seven bits that choose between character sets by escape sequences, and so look like ASCII.
enum ISO2022 {
    /// How far a sequence that announces a set of two bytes to the character is searched.
    private static let searched = 64 << 10

    /// - Returns: nil where there is no such sequence.
    static func encoding(of bytes: ArraySlice<UInt8>) -> LegacyEncoding? {
        let sample = bytes.prefix(searched)
        for index in sample.indices where sample[index] == 0x1B {
            let rest = sample[(index + 1)...]
            for (sequence, encoding) in announcements where rest.starts(with: sequence.utf8) { return encoding }
        }
        return nil
    }

    private static let announcements: [(String, LegacyEncoding)] = [
        ("$B", .iso2022JP), ("$@", .iso2022JP), ("(I", .iso2022JP), ("$(D", .other("ISO-2022-JP-1")),
        ("$)C", .other("ISO-2022-KR")), ("$)A", .other("ISO-2022-CN")), ("$)G", .other("ISO-2022-CN")),
    ]
}
