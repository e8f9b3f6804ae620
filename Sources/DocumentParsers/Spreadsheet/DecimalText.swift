import Glibc

/// Numbers in decimal notation, with the 15 digits that spreadsheets calculate with.
enum DecimalText {
    private static let significantDigits = 15
    /// A number that somebody typed is kept exactly although its format shows fewer decimals, up to this many; one with more
    /// was calculated, and is rounded as it is shown.
    private static let hiddenDecimals = 4
    /// More than any format shows.
    private static let mostDecimals = 30
    /// Beyond these powers of ten, numbers are written with an exponent.
    private static let plainExponents = -10...20

    /// `0.3` for 0.30000000000000004, and `1.5E+30`.
    static func general(_ value: Double) -> String {
        guard value != 0, value.isFinite else { return value == 0 ? "0" : "\(value)" }
        // One digit before the point, so that the exponent is that of the rounded number.
        let parts = printed("%.*e", significantDigits - 1, value).split(separator: "e")
        guard parts.count == 2, let exponent = Int(parts[1]) else { return "\(value)" }
        if plainExponents.contains(exponent) {
            return withoutZeros(printed("%.*f", max(0, significantDigits - 1 - exponent), value))
        }
        return "\(withoutZeros(String(parts[0])))E\(exponent < 0 ? "-" : "+")\(abs(exponent))"
    }

    /// A number that is not negative, with the decimals that its format shows, or a few more where it is exact with those.
    static func fixed(_ value: Double, shownDecimals: Int, requiredDecimals: Int) -> String {
        let exact = general(value)
        if exact.contains("E") || !value.isFinite { return exact }
        let shown = min(shownDecimals, mostDecimals)
        let decimals = exact.split(separator: ".").dropFirst().first?.count ?? 0
        var text = decimals <= shown + hiddenDecimals ? exact : withoutZeros(printed("%.*f", shown, value))
        let written = text.split(separator: ".").dropFirst().first?.count ?? 0
        let missing = min(requiredDecimals, mostDecimals) - written
        if missing > 0 { text += (written == 0 ? "." : "") + String(repeating: "0", count: missing) }
        return text
    }

    private static func withoutZeros(_ text: String) -> String {
        guard text.contains(".") else { return text }
        let digits = text[...(text.lastIndex { $0 != "0" } ?? text.startIndex)]
        return String(digits.last == "." ? digits.dropLast() : digits)
    }

    private static func printed(_ format: String, _ precision: Int, _ value: Double) -> String {
        // The longest has 309 digits before the point.
        var buffer = [CChar](repeating: 0, count: 400)
        let length = withVaList([Int32(precision), value]) { vsnprintf(&buffer, buffer.count, format, $0) }
        return String(decoding: buffer.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
