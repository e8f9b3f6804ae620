import CSandbox
import Glibc

/// A program that was started as a server, with all that it starts itself.
final class MCPProcess: Sendable {
    /// What it writes; whoever takes it over closes it.
    let output: CInt
    /// What it reads; likewise. The end of it tells the program to end.
    let input: CInt
    /// What it complains of; likewise.
    let errors: CInt
    private let id: pid_t

    /// Variables that a program has of this one: where things are, and nothing that could be a secret.
    private static let inherited = [
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR",
    ]
    private static let usualPath = "/usr/local/bin:/usr/bin:/bin"
    /// How often it is looked at whether it has ended.
    private static let interval = Duration.milliseconds(20)

    /// - Throws: why it cannot be started.
    init(_ command: [String], environment: [String: String]) throws(MCPFailure) {
        let (input, output, errors) = (try SocketPair(), try SocketPair(), try SocketPair())
        var process: pid_t = 0
        let code = Self.start(
            &process, command, Self.variables(environment), descriptors: [input.far, output.far, errors.far])
        guard code == 0 else {
            let program = command.first ?? ""
            throw MCPFailure(
                code == ENOENT
                    ? "cannot be started: there is no program \(program)" : "cannot be started (error \(code))")
        }
        (self.input, self.output, self.errors) = (input.takeNear(), output.takeNear(), errors.takeNear())
        id = process
    }

    /// Waits for the end, which closing its input asks for, and brings it about where it does not come. Returns when nothing
    /// of it is left, also for a task that is cancelled. Once is enough.
    func end(grace: Duration) async {
        let id = id
        await Task {
            if await Self.hasEnded(id, within: grace) { return Self.reap(id) }
            kill(-id, SIGTERM)
            _ = await Self.hasEnded(id, within: grace)
            Self.reap(id)
        }.value
    }

    private static func hasEnded(_ id: pid_t, within time: Duration) async -> Bool {
        let deadline = ContinuousClock.now + time
        while true {
            var information = siginfo_t()
            let code = waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT | WNOHANG)
            if code == 0, information.si_signo == SIGCHLD { return true }
            guard ContinuousClock.now < deadline else { return false }
            try? await Task.sleep(for: interval)
        }
    }

    /// Until it is waited for, its number is nobody else's, and so what it left behind can be ended safely.
    private static func reap(_ id: pid_t) {
        kill(-id, SIGKILL)
        var status: CInt = 0
        while waitpid(id, &status, 0) < 0 && errno == EINTR {}
    }

    // MARK: Starting

    private static func variables(_ own: [String: String]) -> [String: String] {
        var variables: [String: String] = ["PATH": usualPath]
        for name in inherited { if let value = getenv(name) { variables[name] = String(cString: value) } }
        return variables.merging(own) { $1 }
    }

    private static func start(
        _ process: inout pid_t, _ command: [String], _ environment: [String: String], descriptors: [CInt]
    ) -> CInt {
        let arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        let variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
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

/// Two sockets that are joined, closed in other children from the start, which pipe(2) cannot promise. What nobody has taken over
/// is closed with it.
private final class SocketPair {
    private let near: CInt
    let far: CInt
    private var isTaken = false

    init() throws(MCPFailure) {
        var ends: [CInt] = [0, 0]
        let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw MCPFailure("cannot be started (error \(errno))") }
        (near, far) = (ends[0], ends[1])
    }

    func takeNear() -> CInt {
        isTaken = true
        return near
    }

    deinit {
        close(far)
        if !isTaken { close(near) }
    }
}
