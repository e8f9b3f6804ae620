import FoundationEssentials
import NIOHTTP1
import Testing

@testable import ModelProviders

@Suite struct RetryTests {
    @Test func `pauses grow and stay below the limit`() throws {
        let policy = RetryPolicy(maximumRetries: 100, firstDelay: .seconds(1), maximumDelay: .seconds(5))
        for (retry, full) in [(0, 1.0), (1, 2), (2, 4), (3, 5), (60, 5)] {
            let delay = try #require(policy.delay(beforeRetry: retry, retryAfter: nil))
            #expect(delay >= .seconds(full * 0.75) && delay <= .seconds(full))
        }
    }

    @Test func `after the last retry the failure stands`() {
        #expect(RetryPolicy(maximumRetries: 2).delay(beforeRetry: 2, retryAfter: .zero) == nil)
        #expect(RetryPolicy.never.delay(beforeRetry: 0, retryAfter: nil) == nil)
    }

    @Test func `what the provider asks for is obeyed unless it is too long`() {
        let policy = RetryPolicy(maximumRetries: 1, maximumDelay: .seconds(20))
        #expect(policy.delay(beforeRetry: 0, retryAfter: .seconds(20)) == .seconds(20))
        #expect(policy.delay(beforeRetry: 0, retryAfter: .seconds(21)) == nil)
    }

    @Test(arguments: [
        ("Retry-After", "3", Duration.seconds(3)),
        ("Retry-After", "0", .zero),
        ("Retry-After", "-4", .zero),
        ("Retry-After", "Sun, 06 Nov 1994 08:49:47 GMT", .seconds(10)),
        ("Retry-After", "Sun, 06 Nov 1994 08:00:00 GMT", .zero),
        ("Retry-After", "1e300", .seconds(86_400)),
        ("retry-after-ms", "250", .milliseconds(250)),
    ])
    func `pauses are read`(name: String, value: String, expected: Duration) {
        // Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110.
        let now = Date(timeIntervalSince1970: 784_111_777)
        #expect(HTTPHeaders([(name, value)]).retryAfter(now: now) == expected)
    }

    @Test(arguments: ["soon", "", "nan", "inf", "Sun, 06 Foo 1994 08:49:37 GMT"])
    func `pauses that make no sense are passed over`(value: String) {
        #expect(HTTPHeaders([("Retry-After", value)]).retryAfter() == nil)
    }
}
