import Glibc

/// What the system says of this process, under the names that Prometheus' own clients use.
enum ProcessMetrics {
    static var text: String {
        var text = ""
        func add(_ name: String, _ kind: String, _ value: String?) {
            if let value { text += "# TYPE \(name) \(kind)\n\(name) \(value)\n" }
        }
        add("process_cpu_seconds_total", "counter", processorSeconds.map { "\($0)" })
        add("process_max_fds", "gauge", fileLimit.map(String.init))
        add("process_open_fds", "gauge", openFiles.map(String.init))
        add("process_resident_memory_bytes", "gauge", residentBytes.map(String.init))
        return text
    }

    private static var processorSeconds: Double? {
        var usage = rusage()
        guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return nil }
        let microseconds = usage.ru_utime.tv_usec + usage.ru_stime.tv_usec
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + Double(microseconds) / 1e6
    }

    private static var fileLimit: UInt? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        return limit.rlim_cur
    }

    private static var openFiles: Int? {
        guard let directory = opendir("/proc/self/fd") else { return nil }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        // Neither `.` and `..` nor the directory itself.
        return count - 3
    }

    /// The second number of `statm` is the resident set in pages.
    private static var residentBytes: Int? {
        guard let file = fopen("/proc/self/statm", "r") else { return nil }
        defer { fclose(file) }
        var line = [UInt8](repeating: 0, count: 128)
        let count = fread(&line, 1, line.count, file)
        let numbers = String(decoding: line.prefix(count), as: UTF8.self).split(separator: " ")
        return numbers.count > 1 ? Int(numbers[1]).map { $0 * sysconf(Int32(_SC_PAGESIZE)) } : nil
    }
}
