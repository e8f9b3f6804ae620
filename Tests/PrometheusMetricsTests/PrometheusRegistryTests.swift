import CoreMetrics
import PrometheusMetrics
import Testing

@Suite struct PrometheusRegistryTests {
    @Test func `counters add up by their dimensions`() {
        let registry = PrometheusRegistry()
        registry.makeCounter(label: "a.requests_total", dimensions: [("path", "/x"), ("status", "200")]).increment(
            by: 2)
        registry.makeCounter(label: "a.requests_total", dimensions: [("path", "/x"), ("status", "200")]).increment(
            by: 1)
        registry.makeCounter(label: "a.requests_total", dimensions: [("path", "a\"\\\nb"), ("status", "1")])
            .increment(by: 1)
        #expect(
            registry.text.hasPrefix(
                #"""
                # TYPE a_requests_total counter
                a_requests_total{path="/x",status="200"} 3
                a_requests_total{path="a\"\\\nb",status="1"} 1

                """#))
    }

    @Test func `a gauge goes up and down`() {
        let registry = PrometheusRegistry()
        let meter = registry.makeMeter(label: "open", dimensions: [])
        meter.increment(by: 3)
        meter.decrement(by: 1)
        #expect(registry.text.hasPrefix("# TYPE open gauge\nopen 2\n"))
    }

    @Test func `times are seconds, counted up to each bound`() {
        let registry = PrometheusRegistry()
        let timer = registry.makeTimer(label: "t_seconds", dimensions: [("route", "r")])
        timer.recordNanoseconds(20_000_000)
        timer.recordNanoseconds(2_000_000_000)
        let lines = registry.text.split(separator: "\n")
        #expect(lines.contains(#"t_seconds_bucket{route="r",le="0.01"} 0"#))
        #expect(lines.contains(#"t_seconds_bucket{route="r",le="0.025"} 1"#))
        #expect(lines.contains(#"t_seconds_bucket{route="r",le="+Inf"} 2"#))
        #expect(lines.contains(#"t_seconds_sum{route="r"} 2.02"#))
        #expect(lines.contains(#"t_seconds_count{route="r"} 2"#))
    }

    @Test func `what would have no bound is counted together`() {
        let registry = PrometheusRegistry()
        for number in 0..<1500 {
            registry.makeCounter(label: "c", dimensions: [("id", "\(number)")]).increment(by: 1)
        }
        let lines = registry.text.split(separator: "\n").filter { $0.hasPrefix("c{") }
        #expect(lines.count == 1001)
        #expect(lines.contains(#"c{id="other"} 500"#))
    }

    @Test func `the process tells its memory and its files`() throws {
        let text = PrometheusRegistry().text
        let memory = try #require(text.firstMatch(of: /process_resident_memory_bytes (\d+)/).flatMap { Int($0.1) })
        #expect(memory > 1 << 20)
        #expect(text.contains("process_open_fds "))
    }
}
