import Domain

/// Dates of messages (RFC 5322, 3.3 and 4.3), and those of the C library (`asctime`), which mailbox files have.
enum MailDate {
    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    /// The names of zones that the RFC knows, in minutes from UTC.
    private static let zones = [
        "edt": -240, "est": -300, "cdt": -300, "cst": -360, "mdt": -360, "mst": -420, "pdt": -420, "pst": -480,
    ]

    /// Milliseconds since 1970 of `Tue, 5 Mar 2024 07:08:09 +0100 (CET)` or `Tue Mar  5 07:08:09 2024`; without a zone, UTC.
    /// - Returns: nil where the text is no such date.
    static func milliseconds(_ text: String) -> Int64? {
        let words = text.prefix(200).split { $0.isWhitespace || $0 == "," || $0 == "(" }
        guard let monthPlace = words.firstIndex(where: { month($0) != nil }), let month = month(words[monthPlace]),
            let timePlace = words.firstIndex(where: { $0.contains(":") }), let time = seconds(words[timePlace])
        else { return nil }
        // The numbers beside the time are day and year, in whichever order the form has them.
        let numbers = words.indices.filter { $0 != timePlace }.compactMap { place -> (place: Int, value: Int64)? in
            guard words[place].utf8.count <= 4, let value = Int64(words[place]), value >= 0 else { return nil }
            return (place, value)
        }
        guard let day = numbers.first(where: { 1...31 ~= $0.value && abs($0.place - monthPlace) == 1 }),
            let year = numbers.first(where: { $0.place > monthPlace && $0.place != day.place })?.value
        else { return nil }
        let zone = words[(timePlace + 1)...].lazy.compactMap(zone).first ?? 0
        let days = DocumentDate.daysSince1970(year: fullYear(year), month: month, day: day.value)
        return (days * 86_400 + time - zone * 60) * 1000
    }

    private static func month(_ word: Substring) -> Int64? {
        guard word.utf8.count >= 3, let first = word.first, first.isLetter else { return nil }
        return months.firstIndex(of: word.prefix(3).lowercased()).map { Int64($0 + 1) }
    }

    private static func seconds(_ word: Substring) -> Int64? {
        let parts = word.split(separator: ":").map { Int64($0.prefix { $0.isNumber }) }
        guard 2...3 ~= parts.count, let hour = parts[0], let minute = parts[1], 0...24 ~= hour, 0...59 ~= minute else {
            return nil
        }
        return hour * 3600 + minute * 60 + min(60, max(0, parts.count > 2 ? parts[2] ?? 0 : 0))
    }

    /// Minutes from UTC of `+0100`, `EST` or `GMT`.
    private static func zone(_ word: Substring) -> Int64? {
        guard let first = word.first else { return nil }
        if first == "+" || first == "-", word.utf8.count == 5, let number = Int64(word.dropFirst()), number >= 0 {
            return (first == "-" ? -1 : 1) * (number / 100 * 60 + number % 100)
        }
        return zones[word.lowercased()].map(Int64.init)
    }

    /// RFC 5322, 4.3: years of two digits are of 1950 to 2049, those of three are counted from 1900.
    private static func fullYear(_ year: Int64) -> Int64 {
        switch year {
        case 0..<50: 2000 + year
        case 50..<1000: 1900 + year
        default: year
        }
    }
}
