/// The spelling of German umlauts where there is none on the keyboard.
enum GermanDigraph {
    /// A word in lower case with `ae`, `oe` and `ue` as the umlauts that they may stand for: `bruecke` and `brücke` are one word. `ue` is
    /// none behind another vowel or a `q` (`neue`, `quelle`). Words that have such letters by chance have them in questions as well
    /// (Snowball's variant German2).
    static func umlauts(in word: String) -> String {
        guard word.utf8.contains(UInt8(ascii: "e")) else { return word }
        var result = String.UnicodeScalarView()
        for scalar in word.unicodeScalars {
            if scalar == "e", let last = result.last, let umlaut = umlaut(of: last) {
                let before = result.dropLast().last
                if last != "u" || before.map({ !opposers.contains($0) }) ?? true {
                    result.removeLast()
                    result.append(umlaut)
                    continue
                }
            }
            result.append(scalar)
        }
        return String(result)
    }

    private static let opposers: Set<Unicode.Scalar> = ["q", "a", "e", "i", "o", "u", "y", "ä", "ö", "ü"]

    private static func umlaut(of letter: Unicode.Scalar) -> Unicode.Scalar? {
        switch letter {
        case "a": "ä"
        case "o": "ö"
        case "u": "ü"
        default: nil
        }
    }
}
