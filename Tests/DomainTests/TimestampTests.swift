import Domain
import Testing

@Suite struct TimestampTests {
    @Test func `every millisecond is written and read as it is`() {
        for millisecond in 0..<1000 {
            let time = Timestamp(milliseconds: 1_767_323_045_000 + Int64(millisecond))
            let digits = String(1000 + millisecond).dropFirst()
            #expect(time.iso8601 == "2026-01-02T03:04:05.\(digits)Z")
            #expect(Timestamp(iso8601: time.iso8601) == time)
        }
    }

    @Test func `dates come with a time and without`() {
        #expect(Timestamp(iso8601: "1970-01-02")?.milliseconds == 86_400_000)
        #expect(Timestamp(iso8601: "1970-01-01T00:00:01Z")?.milliseconds == 1000)
        #expect(Timestamp(iso8601: "yesterday") == nil)
    }
}
