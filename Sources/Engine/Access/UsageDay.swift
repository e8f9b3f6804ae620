import Domain
import FoundationEssentials

/// A day of UTC, which limits are counted by.
struct UsageDay: Equatable {
    /// Since 1970-01-01.
    let number: Int64

    private static let seconds: Int64 = 86_400
    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()

    init(number: Int64) { self.number = number }

    init(_ time: Timestamp) { number = time.seconds / Self.seconds }

    static var today: UsageDay { UsageDay(.now) }

    var firstOfMonth: UsageDay {
        let day = Self.calendar.component(.day, from: start)
        return UsageDay(number: number - Int64(day) + 1)
    }

    func secondsToTomorrow(from now: Timestamp = .now) -> Int {
        max(1, Int((number + 1) * Self.seconds - now.seconds))
    }

    func secondsToNextMonth(from now: Timestamp = .now) -> Int {
        let next = Self.calendar.date(byAdding: .month, value: 1, to: firstOfMonth.start) ?? start
        return max(1, Int(next.timeIntervalSince1970) - Int(now.seconds))
    }

    private var start: Date { Date(timeIntervalSince1970: Double(number * Self.seconds)) }
}
