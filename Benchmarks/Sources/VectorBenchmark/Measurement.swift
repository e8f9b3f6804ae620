import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Milliseconds of a number of repeated calls; `cpu` counts all threads of the process.
struct Latency: Encodable {
    let cpuMedian: Double
    let cpuP99: Double
    let wallMedian: Double
    let wallP99: Double
    let recall: Double

    enum CodingKeys: String, CodingKey {
        case cpuMedian = "cpu_ms_median"
        case cpuP99 = "cpu_ms_p99"
        case wallMedian = "wall_ms_median"
        case wallP99 = "wall_ms_p99"
        case recall
    }

    init(cpu: [Double], wall: [Double], recall: Double) {
        cpuMedian = cpu.sorted()[cpu.count / 2]
        cpuP99 = cpu.sorted()[cpu.count * 99 / 100]
        wallMedian = wall.sorted()[wall.count / 2]
        wallP99 = wall.sorted()[wall.count * 99 / 100]
        self.recall = recall
    }
}

/// Milliseconds of `clock` since some moment.
func milliseconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
}

func cpuMilliseconds() -> Double { milliseconds(CLOCK_PROCESS_CPUTIME_ID) }
func wallMilliseconds() -> Double { milliseconds(CLOCK_MONOTONIC) }

/// Resident memory that is not a mapped file, in bytes; 0 where the system does not say.
func anonymousBytes() -> Int {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return 0 }
    let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
    return (line?.split(whereSeparator: { !$0.isNumber }).first).flatMap { Int($0) }.map { $0 * 1024 } ?? 0
}
