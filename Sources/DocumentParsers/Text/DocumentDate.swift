import Domain

/// Dates as documents write them: ISO 8601 and the profile of it that W3C and PDF tools use.
enum DocumentDate {
    /// Milliseconds since 1970 of `2024`, `2024-03`, `2024-03-05` or `2024-03-05T07:08:09.5+01:00`; without a zone, UTC.
    /// - Returns: nil where the text is no such date.
    static func milliseconds(_ text: String) -> Int64? {
        var reader = Reader(rest: text.trimmed.utf8[...])
        guard let year = reader.number(digits: 4), (1...9999).contains(year) else { return nil }
        var month: Int64 = 1
        var day: Int64 = 1
        if reader.skip("-") || reader.skip("/") {
            guard let read = reader.number(digits: 2), (1...12).contains(read) else { return nil }
            month = read
            if reader.skip("-") || reader.skip("/") {
                guard let read = reader.number(digits: 2), (1...31).contains(read) else { return nil }
                day = read
            }
        }
        let days = daysSince1970(year: year, month: month, day: day)
        guard reader.skip("T") || reader.skip(" ") else { return reader.rest.isEmpty ? days * 86_400_000 : nil }
        guard let time = reader.timeOfDay() else { return nil }
        return days * 86_400_000 + time
    }

    /// Days of the proleptic Gregorian calendar, counting years from March so that the leap day is the last.
    static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let monthFromMarch = (month + 9) % 12
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        return 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }

    private struct Reader {
        var rest: Substring.UTF8View

        mutating func skip(_ mark: Character) -> Bool {
            guard let first = rest.first, first == mark.asciiValue else { return false }
            rest = rest.dropFirst()
            return true
        }

        mutating func number(digits: Int) -> Int64? {
            let part = rest.prefix(digits)
            guard part.count == digits, part.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            rest = rest.dropFirst(digits)
            return part.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
        }

        /// Milliseconds of `HH:MM[:SS[.fraction]][Z|±HH[[:]MM]]` in UTC; may be negative.
        mutating func timeOfDay() -> Int64? {
            guard let hour = number(digits: 2), hour < 25, skip(":"), let minute = number(digits: 2), minute < 60 else {
                return nil
            }
            let second = skip(":") ? number(digits: 2) ?? 0 : 0
            var fraction: Int64 = 0
            if skip(".") {
                let digits = rest.prefix { (0x30...0x39).contains($0) }
                rest = rest.dropFirst(digits.count)
                fraction = (0..<3).reduce(0) { sum, place in
                    sum * 10 + Int64((digits.dropFirst(place).first ?? 0x30) - 0x30)
                }
            }
            return ((hour * 60 + minute) * 60 + second) * 1000 + fraction - zoneOffset()
        }

        private mutating func zoneOffset() -> Int64 {
            let sign: Int64 = skip("+") ? 1 : skip("-") ? -1 : 0
            guard sign != 0, let hours = number(digits: 2) else { return 0 }
            _ = skip(":")
            return sign * (hours * 60 + (number(digits: 2) ?? 0)) * 60_000
        }
    }
}
