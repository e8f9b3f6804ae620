import Engine
import Foundation

/// Regular expressions that somebody has written, tried for a bounded time: there are expressions that take a lifetime on some
/// texts.
enum PatternMatching {
    private static let patience = Duration.milliseconds(100)

    static let matcher: PatternMatcher = { pattern, text in
        guard let expression = try? NSRegularExpression(pattern: pattern, options: .caseInsensitive) else { return nil }
        let start = ContinuousClock.now
        var outcome: Bool? = false
        expression.enumerateMatches(
            in: text, options: .reportProgress, range: NSRange(text.startIndex..., in: text)
        ) { match, _, stop in
            if match != nil {
                outcome = true
                stop.pointee = true
            } else if start.duration(to: .now) > patience {
                outcome = nil
                stop.pointee = true
            }
        }
        return outcome
    }
}
