/// A moment as a spreadsheet counts it: days since an epoch, the time of day as their fraction (ECMA-376 part 1, 18.17.4.1).
struct SerialDate {
    /// Where a workbook begins to count.
    enum Epoch: Sendable {
        /// 1 is the first day of 1900, which is taken for a leap year: 60 is the 29th of February, a day that never was.
        case year1900
        /// 0 is the first day of 1904.
        case year1904
    }

    /// Whole days since the 31st of December 1899 in the count of 1900.
    let day: Int
    let secondOfDay: Int

    private static let daysFrom1900To1904 = 1462.0
    /// The 31st of December 9999.
    private static let lastDay = 2_958_465
    private static let secondsPerDay = 86_400

    /// Rounded to a second.
    /// - Returns: nil outside the years that spreadsheets know.
    init?(_ value: Double, epoch: Epoch) {
        let serial = epoch == .year1904 ? value + Self.daysFrom1900To1904 : value
        guard serial >= 0, serial < Double(Self.lastDay + 1) else { return nil }
        let seconds = Int((serial * Double(Self.secondsPerDay)).rounded())
        day = seconds / Self.secondsPerDay
        secondOfDay = seconds % Self.secondsPerDay
    }

    /// `2024-03-05`; nil for day 0, which is a time of day without a date.
    var date: String? {
        if day == 0 { return nil }
        if day == 60 { return "1900-02-29" }
        let (year, month, dayOfMonth) = Self.calendarDate(daysSince1900: day < 60 ? day - 1 : day - 2)
        return "\(Self.padded(year, to: 4))-\(Self.padded(month, to: 2))-\(Self.padded(dayOfMonth, to: 2))"
    }

    /// `07:08:09`.
    var time: String { Self.time(ofSeconds: secondOfDay) }

    /// A length of time, `27:30:00`.
    static func duration(_ value: Double) -> String? {
        let seconds = (abs(value) * Double(secondsPerDay)).rounded()
        guard seconds < Double(lastDay) * Double(secondsPerDay) else { return nil }
        return (value < 0 && seconds > 0 ? "-" : "") + time(ofSeconds: Int(seconds))
    }

    private static func time(ofSeconds seconds: Int) -> String {
        "\(padded(seconds / 3600, to: 2)):\(padded(seconds / 60 % 60, to: 2)):\(padded(seconds % 60, to: 2))"
    }

    private static func padded(_ number: Int, to length: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, length - digits.count)) + digits
    }

    /// The Gregorian calendar, counting years from March so that the leap day is the last.
    private static func calendarDate(daysSince1900 days: Int) -> (year: Int, month: Int, day: Int) {
        // The 1st of March 1600 lies 109,513 days before the 1st of January 1900; 400 years have 146,097 days.
        let sinceMarch1600 = days + 109_513
        let (era, dayOfEra) = sinceMarch1600.quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (1600 + era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
    }
}
