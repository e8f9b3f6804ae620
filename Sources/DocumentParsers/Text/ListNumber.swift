/// Numbers of lists in the formats of Word (ECMA-376 part 1, 17.18.59), and in those of HTML and OpenDocument, which have a
/// letter each.
enum ListNumber {
    static func text(_ number: Int, format: String) -> String {
        switch format {
        case "lowerLetter", "a": letters(number).lowercased()
        case "upperLetter", "A": letters(number)
        case "lowerRoman", "i": roman(number).lowercased()
        case "upperRoman", "I": roman(number)
        case "decimalZero": 0...9 ~= number ? "0\(number)" : "\(number)"
        case "none", "bullet": ""
        default: "\(number)"
        }
    }

    /// A … Z, then AA, BB, … as Word goes on.
    private static func letters(_ number: Int) -> String {
        guard 1...780 ~= number, let letter = Unicode.Scalar(0x41 + UInt32((number - 1) % 26)) else {
            return "\(number)"
        }
        return String(repeating: Character(letter), count: (number - 1) / 26 + 1)
    }

    private static func roman(_ number: Int) -> String {
        guard 1...3999 ~= number else { return "\(number)" }
        let signs = [
            (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
            (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
        ]
        var rest = number
        var text = ""
        for (value, sign) in signs {
            while rest >= value {
                text += sign
                rest -= value
            }
        }
        return text
    }
}
