import CSandbox
import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the server asks of the launcher of a browser: one JSON object in an environment variable.
struct BrowserRequest: Codable {
    static let environmentKey = "LECTERN_BROWSER_REQUEST"

    let program: String
    let arguments: [String]
    let profile: String
    let proxyPort: Int

    /// No secret of the server's environment reaches the browser, nor the address of the page, which DevTools are told.
    var launcherEnvironment: [String: String] {
        let request = (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) }
        var environment = ["SWIFT_BACKTRACE": "enable=no", Self.environmentKey: request ?? ""]
        // Where the Swift runtime is not in the system's own folders.
        environment["LD_LIBRARY_PATH"] = getenv("LD_LIBRARY_PATH").map { String(cString: $0) }
        return environment
    }

    static func fromEnvironment() -> BrowserRequest? {
        getenv(environmentKey).flatMap { try? JSONDecoder().decode(Self.self, from: Data(String(cString: $0).utf8)) }
    }
}

/// The hidden subcommand `run-browser`: takes a request from the environment, confines itself, and becomes the browser.
/// Returns only where it cannot.
///
/// The browser has a sandbox of its own for pages. This one holds where that is broken: where the kernel can, no datagram
/// leaves the process, no connection goes anywhere but to the proxy, and of the machine's files only the system's own can
/// be read. Root becomes nobody.
package func runBrowser() -> Int32 {
    guard let request = BrowserRequest.fromEnvironment() else {
        write(STDERR_FILENO, "run-browser is run by the server, not by hand\n")
        return EX_USAGE
    }
    _ = nice(10)
    // DevTools read from 3 and write to 4; both are the socket that came as standard input.
    guard dup2(STDIN_FILENO, 3) == 3, dup2(STDIN_FILENO, 4) == 4 else { return EX_OSERR }
    let null = open("/dev/null", O_RDWR)
    guard null >= 0, dup2(null, STDIN_FILENO) == STDIN_FILENO, chdir(request.profile) == 0 else { return EX_OSERR }
    close(null)
    do { try BrowserConfinement.enter(request) } catch {
        write(STDERR_FILENO, "the sandbox failed at \(error.step): error \(error.code)\n")
        return EX_OSERR
    }
    let environment = [
        "PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "HOME=\(request.profile)", "TMPDIR=\(request.profile)",
        "XDG_CONFIG_HOME=\(request.profile)", "XDG_CACHE_HOME=\(request.profile)", "DBUS_SESSION_BUS_ADDRESS=disabled:",
        "DBUS_SYSTEM_BUS_ADDRESS=disabled:",
    ]
    let arguments: [UnsafeMutablePointer<CChar>?] =
        ([request.program] + request.arguments).map { strdup($0) } + [nil]
    let variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
    execve(request.program, arguments, variables)
    return EX_UNAVAILABLE
}

private func write(_ descriptor: CInt, _ text: String) {
    _ = Array(text.utf8).withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
}

/// What the browser takes away from itself before it starts, and cannot get back.
private enum BrowserConfinement {
    struct Failure: Error {
        let step: String
        let code: Int32
    }

    private static let readable = [
        "/usr", "/opt/google", "/bin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/ld.so.preload",
        "/etc/alternatives",
        "/etc/fonts", "/etc/ssl", "/etc/localtime", "/etc/mime.types", "/etc/chromium", "/etc/chromium.d",
        "/etc/passwd",
        "/etc/group", "/etc/nsswitch.conf", "/etc/hosts", "/etc/host.conf", "/etc/resolv.conf", "/etc/gai.conf",
        "/proc", "/sys/devices",
    ]
    /// The browser's own sandbox writes into `/proc/self` which users its namespaces have.
    private static let devices = [
        "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/proc",
    ]
    /// Of one process, in bytes; what it has reserved and not written to is left out.
    private static let memory: UInt64 = 2 << 30
    private static let processorSeconds: UInt64 = 120
    private static let openFiles: UInt64 = 4096
    /// Of one file, those that are shared as memory among them.
    private static let fileBytes: UInt64 = 1 << 30

    static func enter(_ request: BrowserRequest) throws(Failure) {
        var limits = sb_limits()
        (limits.memory_bytes, limits.open_files) = (memory, openFiles)
        (limits.cpu_seconds, limits.most_cpu_seconds) = (processorSeconds, processorSeconds)
        try step("limits", sb_set_browser_limits(&limits, fileBytes))
        if geteuid() == 0 {
            let nobody = getpwnam("nobody").map { ($0.pointee.pw_uid, $0.pointee.pw_gid) } ?? (65534, 65534)
            try step("profile", chown(request.profile, nobody.0, nobody.1) == 0 ? 0 : errno)
            try step("user", sb_leave_root(nobody.0, nobody.1))
        }
        try step("privileges", sb_no_new_privileges())
        let kernel = sb_probe_kernel()
        // What the kernel lacks, `lectern doctor` says; everything that it has must work.
        if kernel.landlock > 0 { try step("files", restrict(request)) }
        if kernel.seccomp { try step("sockets", sb_filter_sockets()) }
    }

    private static func restrict(_ request: BrowserRequest) -> Int32 {
        let strings = { (paths: [String]) in paths.map { UnsafePointer<CChar>(strdup($0)) } }
        // Never given back: this process becomes another program.
        return strings(readable).withUnsafeBufferPointer { readable in
            strings(devices).withUnsafeBufferPointer { devices in
                strings([request.profile, "/dev/shm"]).withUnsafeBufferPointer { writable in
                    var openings = sb_openings()
                    (openings.readable, openings.readable_count) = (readable.baseAddress, readable.count)
                    (openings.devices, openings.device_count) = (devices.baseAddress, devices.count)
                    (openings.writable, openings.writable_count) = (writable.baseAddress, writable.count)
                    openings.tcp_port = UInt16(clamping: request.proxyPort)
                    return sb_restrict(&openings)
                }
            }
        }
    }

    private static func step(_ name: String, _ code: Int32) throws(Failure) {
        if code != 0 { throw Failure(step: name, code: code) }
    }
}
