import CSandbox
import Domain
import FoundationEssentials
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A browser that runs for one page, with a profile of its own: what it leaves is removed with it.
final class Browser: Sendable {
    /// Its DevTools speak over this; whoever takes it over closes it.
    let devTools: CInt
    private let process: pid_t
    private let profile: String
    private let isRunning = Mutex(true)

    /// Where Debian and others put Chromium. The script in front of it reads settings of people's own, so it comes last.
    private static let programs = [
        "/usr/lib/chromium/chromium", "/usr/lib/chromium-browser/chromium-browser", "/opt/google/chrome/chrome",
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
    ]

    /// The browser of this machine; `nil` where there is none.
    static var program: String? { programs.first { access($0, X_OK) == 0 } }

    /// - Parameters:
    ///   - launcher: what starts this program's subcommand that confines itself and becomes the browser.
    ///   - proxyPort: where all its requests go, on loopback.
    ///   - arguments: further ones.
    init(launcher: [String], proxyPort: Int, arguments: [String]) throws(RenderingError) {
        guard let program = Self.program else { throw RenderingError("Chromium is not installed") }
        let profile = try Self.makeProfile()
        self.profile = profile
        var ends: [CInt] = [0, 0]
        #if canImport(Glibc)
            let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        #else
            let type = SOCK_STREAM
        #endif
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else {
            Self.remove(profile)
            throw RenderingError("the browser cannot be started")
        }
        let request = BrowserRequest(
            program: program, arguments: Self.arguments(proxyPort: proxyPort, profile: profile) + arguments,
            profile: profile, proxyPort: proxyPort)
        let log = open(profile + "/" + Self.logName, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        var process: pid_t = 0
        let code = Self.start(&process, launcher, request, descriptors: [ends[1], log, log])
        close(ends[1])
        if log >= 0 { close(log) }
        guard code == 0 else {
            close(ends[0])
            Self.remove(profile)
            throw RenderingError("the browser cannot be started (error \(code))")
        }
        devTools = ends[0]
        self.process = process
    }

    /// Ends it with all its processes, and removes its profile; blocks for a moment. Once is enough.
    func end() {
        let isFirst = isRunning.withLock { isRunning in
            defer { isRunning = false }
            return isRunning
        }
        guard isFirst else { return }
        // Until it is waited for, its number is nobody else's.
        kill(-process, SIGKILL)
        var status: CInt = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        Self.remove(profile)
    }

    /// What it has said of why it ends, as far as that is known to be of use to people.
    var complaint: String? {
        let text = (try? String(contentsOfFile: profile + "/" + Self.logName, encoding: .utf8)) ?? ""
        return text.contains("No usable sandbox") || text.contains("--no-sandbox")
            ? "the browser's sandbox needs user namespaces, which this system does not allow" : nil
    }

    /// Memory in bytes and number of all its processes.
    var usage: (memory: Int, processes: Int) { SessionUsage.of(session: process) }

    // MARK: Starting

    private static let logName = "browser.log"

    private static func makeProfile() throws(RenderingError) -> String {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(folder)/lectern-browser-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw RenderingError("there is no room for the browser's profile") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func remove(_ profile: String) { try? FileManager.default.removeItem(atPath: profile) }

    private static func arguments(proxyPort: Int, profile: String) -> [String] {
        [
            "--headless=new", "--remote-debugging-pipe", "--no-startup-window", "--user-data-dir=\(profile)",
            // Every request, those to this machine among them, and no name is resolved but by the proxy.
            "--proxy-server=http://127.0.0.1:\(proxyPort)", "--proxy-bypass-list=<-loopback>",
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--disable-quic",
            "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
            // Nothing but what the page asks for.
            "--disable-background-networking", "--disable-component-update", "--disable-domain-reliability",
            "--disable-client-side-phishing-detection", "--disable-default-apps", "--disable-extensions",
            "--disable-sync",
            "--disable-breakpad", "--disable-crash-reporter", "--no-pings", "--no-first-run",
            "--no-default-browser-check",
            "--no-service-autorun", "--disable-field-trial-config", "--metrics-recording-only",
            "--disable-features=NetworkTimeServiceQuerying,OptimizationHints,OptimizationGuideModelDownloading,MediaRouter,"
                + "Translate,AutofillServerCommunication,InterestFeedContentSuggestions,CertificateTransparencyComponentUpdater",
            "--block-new-web-contents", "--disable-gpu", "--disable-dev-shm-usage", "--mute-audio", "--hide-scrollbars",
            "--blink-settings=imagesEnabled=false", "--js-flags=--max-old-space-size=512", "--password-store=basic",
            "--use-mock-keychain", "--disable-background-timer-throttling", "--disable-renderer-backgrounding",
        ]
    }

    private static func start(
        _ process: inout pid_t, _ launcher: [String], _ request: BrowserRequest, descriptors: [CInt]
    ) -> CInt {
        let arguments: [UnsafeMutablePointer<CChar>?] = launcher.map { strdup($0) } + [nil]
        let variables: [UnsafeMutablePointer<CChar>?] =
            request.launcherEnvironment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (arguments + variables).forEach { free($0) } }
        return arguments.withUnsafeBufferPointer { arguments in
            variables.withUnsafeBufferPointer { variables in
                descriptors.withUnsafeBufferPointer { descriptors in
                    var program = sb_program(
                        arguments: arguments.baseAddress, environment: variables.baseAddress,
                        descriptors: descriptors.baseAddress, descriptor_count: descriptors.count, leads_session: true)
                    return sb_start(&process, &program)
                }
            }
        }
    }
}

/// What the processes of a session take, from `/proc`.
private enum SessionUsage {
    static func of(session: pid_t) -> (memory: Int, processes: Int) {
        let pages = Int(sysconf(CInt(_SC_PAGESIZE)))
        var usage = (memory: 0, processes: 0)
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] where Int32(name) != nil {
            // pid (command) state ppid pgrp session …; resident pages are the 24th (proc_pid_stat(5)). Commands may hold anything.
            guard let line = try? String(contentsOfFile: "/proc/\(name)/stat", encoding: .utf8),
                let end = line.lastIndex(of: ")")
            else { continue }
            let fields = line[line.index(after: end)...].split(separator: " ")
            guard fields.count > 21, Int32(fields[3]) == session else { continue }
            usage.processes += 1
            usage.memory += (Int(fields[21]) ?? 0) * pages
        }
        return usage
    }
}
