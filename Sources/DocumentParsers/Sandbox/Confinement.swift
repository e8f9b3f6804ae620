import CSandbox
import Domain
import Glibc

/// What a parser's child takes away from itself before it looks at a stranger's bytes, and cannot get back.
enum Confinement {
    /// Code and data of the system that parsers and their tools load. Neither `/etc` nor `/proc` as a whole: these say much
    /// about the machine and its processes.
    private static let readable = [
        "/usr/bin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libexec", "/usr/share", "/usr/local/lib", "/bin",
        "/lib",
        "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/ld.so.preload", "/etc/alternatives", "/etc/fonts",
        "/etc/localtime",
        "/etc/locale.alias", "/proc/self", "/sys/devices/system/cpu/online",
    ]
    private static let devices = ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"]
    private static let openFiles: UInt64 = 64
    /// Threads and tools of one child.
    private static let processes = 64

    /// Why a child could not be confined as the kernel would allow: it then reads nothing.
    struct Failure: Error {
        let step: String
        let code: Int32
    }

    /// - Parameters:
    ///   - path: the one file of strangers that stays readable.
    ///   - mayStartProcesses: whether the parser runs tools.
    ///   - libraries: folders outside the system's own that programs are loaded from.
    static func enter(
        limits: ParseLimits, path: String, mayStartProcesses: Bool, libraries: [String] = []
    ) throws(Failure) {
        var resources = sb_limits(
            memory_bytes: UInt64(limits.maximumMemoryBytes), cpu_seconds: UInt64(limits.maximumProcessorSeconds),
            most_cpu_seconds: UInt64(
                mayStartProcesses
                    ? max(limits.maximumToolSeconds, limits.maximumProcessorSeconds) : limits.maximumProcessorSeconds),
            open_files: openFiles, processes: UInt64(UserProcesses.count() + processes))
        try step("limits", sb_set_limits(&resources))
        try step("privileges", sb_no_new_privileges())
        let kernel = sb_probe_kernel()
        // What the kernel lacks, `lectern doctor` says; everything that it has must work.
        if kernel.landlock > 0 { try step("files", restrictFiles(readable + libraries + [path])) }
        if kernel.seccomp { try step("system calls", sb_filter_system_calls(mayStartProcesses)) }
    }

    private static func restrictFiles(_ paths: [String]) -> Int32 {
        withCStrings(paths) { paths in
            withCStrings(devices) { devices in
                var openings = sb_openings()
                (openings.readable, openings.readable_count) = (paths.baseAddress, paths.count)
                (openings.devices, openings.device_count) = (devices.baseAddress, devices.count)
                return sb_restrict(&openings)
            }
        }
    }

    private static func withCStrings<Value>(
        _ texts: [String], _ body: (UnsafeBufferPointer<UnsafePointer<CChar>?>) -> Value
    ) -> Value {
        let copies = texts.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return copies.map { UnsafePointer($0) }.withUnsafeBufferPointer(body)
    }

    private static func step(_ name: String, _ code: Int32) throws(Failure) {
        if code != 0 { throw Failure(step: name, code: code) }
    }
}

/// The limit on processes counts all those of the user, the server's threads among them.
private enum UserProcesses {
    static func count() -> Int {
        let user = getuid()
        return entries(of: "/proc").reduce(0) { sum, name in
            var status = stat()
            guard name.utf8.first.map({ 0x30...0x39 ~= $0 }) ?? false, stat("/proc/\(name)", &status) == 0,
                status.st_uid == user
            else { return sum }
            return sum + entries(of: "/proc/\(name)/task").count
        }
    }

    private static func entries(of folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }
}
