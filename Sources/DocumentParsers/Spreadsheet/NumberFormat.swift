import Domain

/// How a workbook shows the numbers of a cell, as far as it tells what they mean: dates as ISO 8601, percentages, currencies
/// and units, leading zeros, decimals. Groups of thousands and colours are left out; negative numbers have a minus sign.
struct NumberFormat: Sendable {
    private let sections: [NumberFormatSection]

    static let general = NumberFormat("General")

    /// Longer ones than spreadsheets write, which is 255 characters, mean nothing.
    private static let longestCode = 1000

    init(_ code: String) {
        let known = code.utf8.count <= Self.longestCode ? code : ""
        sections = Self.split(known).prefix(4).map { NumberFormatSection($0) }
    }

    /// At semicolons that are neither quoted nor escaped.
    private static func split(_ code: String) -> [Substring] {
        var parts: [Substring] = []
        var start = code.startIndex
        var isQuoted = false
        var isEscaped = false
        for index in code.indices {
            let character = code[index]
            if isEscaped {
                isEscaped = false
            } else if character == "\"" {
                isQuoted.toggle()
            } else if character == "\\", !isQuoted {
                isEscaped = true
            } else if character == ";", !isQuoted {
                parts.append(code[start..<index])
                start = code.index(after: index)
            }
        }
        parts.append(code[start...])
        return parts
    }

    /// What a person reads in the cell.
    func text(_ value: Double, epoch: SerialDate.Epoch) -> String {
        let (section, isSigned) = section(for: value)
        guard let section, !section.isEmpty else { return value == 0 ? "" : DecimalText.general(value) }
        if section.hasTime || section.hasDate { return Self.moment(value, section, epoch) }
        return Self.number(isSigned ? value : abs(value), section, isNegative: value < 0)
    }

    /// Whether it shows dates or times.
    var isMoment: Bool { sections.first.map { $0.hasDate || $0.hasTime } ?? false }

    /// The part for this number, and whether the number is shown there with its sign.
    private func section(for value: Double) -> (section: NumberFormatSection?, isSigned: Bool) {
        let numeric = sections.filter { !$0.isText }
        guard let first = numeric.first else { return (NumberFormatSection("General"), true) }
        if numeric.contains(where: { $0.condition != nil }) {
            let fitting = numeric.first { $0.condition?.holds(for: value) ?? true }
            return (fitting ?? first, true)
        }
        switch numeric.count {
        case 1: return (first, true)
        case 2: return value < 0 ? (numeric[1], false) : (first, true)
        default: return value < 0 ? (numeric[1], false) : (value == 0 ? numeric[2] : first, true)
        }
    }

    private static func moment(_ value: Double, _ section: NumberFormatSection, _ epoch: SerialDate.Epoch) -> String {
        if section.isElapsed { return SerialDate.duration(value) ?? DecimalText.general(value) }
        guard let moment = SerialDate(value, epoch: epoch) else { return DecimalText.general(value) }
        guard section.hasDate else { return moment.time }
        guard let date = moment.date else { return section.hasTime ? moment.time : DecimalText.general(value) }
        return section.hasTime ? "\(date)T\(moment.time)" : date
    }

    private static func number(_ value: Double, _ section: NumberFormatSection, isNegative: Bool) -> String {
        guard section.holdsDigits else {
            // A word in place of a number; a mere dash is how accountants write nothing.
            let words = section.literals
            let sign = isNegative && value > 0 ? -value : value
            return words.contains(where: \.isLetter) ? words.trimmed : DecimalText.general(sign)
        }
        let scaled = (0..<min(section.percents, 3)).reduce(value) { number, _ in number * 100 }
        var shown =
            section.isTransformed || section.pieces.contains(.general)
            ? affixed(DecimalText.general(abs(scaled)), section)
            : pattern(abs(scaled), section)
        // Parentheses around a number mean that it is negative.
        if isNegative { shown.removeAll { $0 == "(" || $0 == ")" || $0 == "-" } }
        shown = shown.trimmed
        return isNegative && value != 0 ? "-" + shown : shown
    }

    /// The number in place of all digits, between what stands before and behind them.
    private static func affixed(_ number: String, _ section: NumberFormatSection) -> String {
        // A unit of millions does not fit the whole number.
        let isScaled = section.isTransformed && section.percents == 0
        var text = ""
        var isWritten = false
        for piece in section.pieces {
            if case .literal(let literal) = piece {
                if !isScaled || !literal.contains(where: \.isLetter) { text += literal }
            } else if !isWritten {
                text += number
                isWritten = true
            }
        }
        return text
    }

    /// The digits of the number, each in its place: `000-00` shows 1234 as `012-34`.
    private static func pattern(_ value: Double, _ section: NumberFormatSection) -> String {
        let point = section.pieces.firstIndex(of: .point) ?? section.pieces.endIndex
        let before = section.pieces[..<point]
        let behind = section.pieces[point...].dropFirst()
        let decimals = behind.filter(\.isDigit)
        let required = (decimals.lastIndex { $0 == .digit(isRequired: true) } ?? -1) + 1
        let number = DecimalText.fixed(value, shownDecimals: decimals.count, requiredDecimals: required)
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        let fraction = parts.count > 1 ? "." + parts[1] : ""

        var digits = parts[0] == "0" ? parts[0].dropFirst() : parts[0]
        var shown: [String] = []
        let places = before.filter(\.isDigit).count
        var place = 0
        for piece in before.reversed() {
            switch piece {
            case .literal(let literal): shown.append(literal)
            case .digit(let isRequired):
                place += 1
                // Decimals that the format does not show stand behind its last digit all the same.
                if place == 1 { shown.append(fraction) }
                if place == places {
                    let rest = digits.isEmpty ? (isRequired || places == 1 ? "0" : "") : String(digits)
                    shown.append(rest)
                    digits = ""
                } else if let digit = digits.popLast() {
                    shown.append(String(digit))
                } else if isRequired {
                    shown.append("0")
                }
            case .point, .general: break
            }
        }
        if places == 0 { shown.insert((digits.isEmpty ? "0" : String(digits)) + fraction, at: 0) }
        var text = shown.reversed().joined()
        for case .literal(let literal) in behind { text += literal }
        return text.contains(where: \.isNumber) ? text : "0" + text
    }
}

extension NumberFormatSection {
    fileprivate var literals: String {
        pieces.reduce(into: "") { text, piece in
            if case .literal(let literal) = piece { text += literal }
        }
    }
}
