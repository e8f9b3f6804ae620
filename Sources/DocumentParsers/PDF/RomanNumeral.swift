/// Numbers of pages before the first chapter.
enum RomanNumeral {
    private static let digits: [Character: Int] = ["i": 1, "v": 5, "x": 10, "l": 50, "c": 100]
    private static let parts = [
        ("c", 100), ("xc", 90), ("l", 50), ("xl", 40), ("x", 10), ("ix", 9), ("v", 5), ("iv", 4), ("i", 1),
    ]

    /// Up to 399, in capitals or small letters; `nil` for what is no numeral in its usual form.
    static func value(of word: Substring) -> Int? {
        let letters = word.lowercased()
        guard !letters.isEmpty, letters.count <= 12, letters == word || word.uppercased() == word else { return nil }
        let values = letters.compactMap { digits[$0] }
        guard values.count == letters.count else { return nil }
        let value = zip(values, values.dropFirst() + [0]).reduce(0) { $0 + ($1.0 < $1.1 ? -$1.0 : $1.0) }
        return value > 0 && numeral(value) == letters ? value : nil
    }

    private static func numeral(_ value: Int) -> String {
        var rest = value
        return parts.reduce(into: "") { result, part in
            while rest >= part.1 {
                result += part.0
                rest -= part.1
            }
        }
    }
}
