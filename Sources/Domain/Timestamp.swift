package import FoundationEssentials

/// A moment as milliseconds since 1970 in UTC, the precision that is stored and sent.
package struct Timestamp: Sendable, Hashable, Comparable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }
    /// The nearest millisecond: many a date with milliseconds is a little smaller as a floating-point number.
    package init(_ date: Date) { milliseconds = Int64((date.timeIntervalSince1970 * 1000).rounded()) }

    /// Reads an ISO 8601 date with or without a time; a date alone means its midnight in UTC.
    package init?(iso8601 text: String) {
        let styles = [
            Date.ISO8601FormatStyle(includingFractionalSeconds: true), Date.ISO8601FormatStyle(),
            Date.ISO8601FormatStyle().year().month().day(),
        ]
        guard let date = styles.lazy.compactMap({ try? $0.parse(text) }).first else { return nil }
        self.init(date)
    }

    package static var now: Timestamp { Timestamp(Date()) }
    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    package static func + (time: Timestamp, duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        return Timestamp(milliseconds: time.milliseconds + seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }
    package static func - (time: Timestamp, duration: Duration) -> Timestamp { time + (.zero - duration) }

    /// Seconds from `time` until this one, rounded up, at least 1: what `Retry-After` says.
    package func seconds(after time: Timestamp) -> Int { max(1, Int((milliseconds - time.milliseconds + 999) / 1000)) }

    /// Whole seconds since 1970, rounded down.
    package var seconds: Int64 { (milliseconds - fraction) / 1000 }
    /// Milliseconds since the last whole second.
    private var fraction: Int64 { (milliseconds % 1000 + 1000) % 1000 }
    package var date: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }

    /// `2023-08-17T00:45:03.000Z`
    package var iso8601: String {
        let second = Date(timeIntervalSince1970: Double(seconds)).formatted(Date.ISO8601FormatStyle())
        let digits = "\(1000 + fraction)".dropFirst()
        return "\(second.dropLast()).\(digits)Z"
    }

    /// `1/16/2024, 3:07:00 PM` in the time zone of this machine: how a document's `published` is written on the wire.
    package var localeString: String {
        let parts = localParts
        let hour = parts.hour! % 12 == 0 ? 12 : parts.hour! % 12
        return "\(parts.month!)/\(parts.day!)/\(parts.year!), \(hour):\(pad(parts.minute!)):\(pad(parts.second!)) "
            + (parts.hour! < 12 ? "AM" : "PM")
    }

    /// Year, month, day, weekday, hour, minute and second in the time zone of this machine; all of them are set.
    package var localParts: DateComponents {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .current
        return calendar.dateComponents([.year, .month, .day, .weekday, .hour, .minute, .second], from: date)
    }

    private func pad(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
