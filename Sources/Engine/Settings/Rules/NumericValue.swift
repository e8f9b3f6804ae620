import Domain

/// The number that a text means by ECMAScript's StringToNumber (ECMA-262, 7.1.4.1.1), which the contract's checks
/// use: blank is zero, and fractions, exponents, `Infinity`, `0x`, `0o` and `0b` are understood.
func numericValue(of text: String) -> Double? {
    let trimmed = text.trimmed
    if trimmed.isEmpty { return 0 }
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where trimmed.lowercased().hasPrefix(prefix) {
        return digits(trimmed.dropFirst(2), radix: radix)
    }
    let unsigned = trimmed.first == "-" || trimmed.first == "+" ? trimmed.dropFirst() : trimmed[...]
    if unsigned == "Infinity" { return trimmed.first == "-" ? -.infinity : .infinity }
    // `Double` also reads `nan`, `inf` and hexadecimal fractions, which ECMAScript does not.
    guard !unsigned.isEmpty, unsigned.utf8.allSatisfy({ "0123456789.eE+-".utf8.contains($0) }) else { return nil }
    return Double(trimmed)
}

/// Why a text is no whole number within bounds; `nil` where it is one.
func wholeNumberRefusal(of text: String, in range: ClosedRange<Int>) -> String? {
    if let number = numericValue(of: text), let whole = Int(exactly: number), range.contains(whole) { return nil }
    return "Value must be a whole number between \(range.lowerBound) and \(range.upperBound)."
}

private func digits(_ text: Substring, radix: Int) -> Double? {
    guard !text.isEmpty else { return nil }
    var number = 0.0
    for character in text {
        guard character.isASCII, let digit = character.hexDigitValue, digit < radix else { return nil }
        number = number * Double(radix) + Double(digit)
    }
    return number
}
