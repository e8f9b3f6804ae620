import Domain
import Logging
import Testing

@testable import App

@Suite struct LogLineTests {
    @Test func `A53 what is logged stays in its line`() {
        let event = LogEvent(
            level: .warning, message: "told\r\n2026 info forged\u{1B}[31m", metadata: nil, source: "s", file: "f",
            function: "g", line: 1)
        let line = LineLogHandler.line(
            event, at: Timestamp(milliseconds: 0), label: "lectern",
            metadata: ["b": "two words", "a\n": "x\u{2028}\u{202E}y", "c": "say \"no\""])
        #expect(
            line == #"1970-01-01T00:00:00.000Z warning lectern: told\u{d}\u{a}2026 info forged\u{1b}[31m "#
                + #"a\u{a}=x\u{2028}\u{202e}y b="two words" c="say \"no\"""#)
    }
}
