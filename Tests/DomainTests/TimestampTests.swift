import Domain
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (1_767_323_045_678, "2026-01-02T03:04:05.678Z"),
        (1_767_323_045_001, "2026-01-02T03:04:05.001Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ])
    func `a moment is written to the millisecond`(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).iso8601 == text)
    }

    /// No fraction of a second but eighths is exact as a floating-point number.
    @Test func `each of a second's milliseconds comes back as it was written`() {
        for millisecond in 1_767_323_045_000..<1_767_323_046_000 {
            let time = Timestamp(milliseconds: Int64(millisecond))
            #expect(Timestamp(iso8601: time.iso8601) == time)
            #expect(time.seconds == 1_767_323_045)
        }
    }

    @Test func `seconds are rounded down, before 1970 too`() {
        #expect(Timestamp(milliseconds: -1).seconds == -1)
        #expect(Timestamp(milliseconds: -1000).seconds == -1)
        #expect(Timestamp(milliseconds: 999).seconds == 0)
    }

    @Test func `dates are read with a time and without`() {
        #expect(Timestamp(iso8601: "1970-01-02")?.milliseconds == 86_400_000)
        #expect(Timestamp(iso8601: "1970-01-01T00:00:01Z")?.milliseconds == 1000)
        #expect(Timestamp(iso8601: "yesterday") == nil)
    }
}
