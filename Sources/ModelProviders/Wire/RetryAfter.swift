package import FoundationEssentials
package import NIOHTTP1

extension HTTPHeaders {
    /// One day, in seconds: longer pauses mean the same and must not overflow.
    private static let longestPause = 86_400.0

    /// The pause that the sender asks for: `retry-after-ms` (OpenAI's own), or `Retry-After` in seconds or as a date
    /// (RFC 9110, 10.2.3). `nil` where there is none that can be read; never negative.
    package func retryAfter(now: Date = Date()) -> Duration? {
        if let milliseconds = first(name: "retry-after-ms").flatMap(Double.init) {
            return Self.pause(seconds: milliseconds / 1000)
        }
        guard let text = first(name: "retry-after") else { return nil }
        return (Double(text) ?? Date(httpDate: text)?.timeIntervalSince(now)).flatMap(Self.pause)
    }

    private static func pause(seconds: Double) -> Duration? {
        seconds.isFinite ? .seconds(Swift.min(Swift.max(seconds, 0), longestPause)) : nil
    }
}

extension Date {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Reads the one form of date that senders of HTTP may write, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
    fileprivate init?(httpDate text: String) {
        let form = /[A-Z][a-z]{2}, (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT/
        guard let match = text.wholeMatch(of: form), let month = Self.months.firstIndex(of: String(match.2)) else {
            return nil
        }
        let components = DateComponents(
            timeZone: .gmt, year: Int(match.3), month: month + 1, day: Int(match.1), hour: Int(match.4),
            minute: Int(match.5), second: Int(match.6))
        guard let date = Calendar(identifier: .gregorian).date(from: components) else { return nil }
        self = date
    }
}
