import CSandbox
import Dispatch
import Glibc
import Synchronization

/// A program that runs beside this one: what it writes is gathered within bounds, and it ends when this process wants it to,
/// with all that it started.
///
/// By posix_spawn(3) and not by a library of child processes, because the end of descriptors or memory must be an error that
/// fails one document, and never the end of this process.
final class ChildProcess: Sendable {
    struct Result {
        let status: Status
        let output: [UInt8]
        /// What it said on standard error, cut at 64 KiB.
        let message: String
    }

    enum Status: Equatable {
        case exited(Int32)
        case signaled(Int32)
    }

    enum Failure: Error {
        /// There is no such program, or it cannot be executed.
        case missing
        /// No descriptors, memory or processes are left; the code of the system call.
        case cannotStart(Int32)
        case timedOut
        case outputTooLong
    }

    private static let messageLimit = 64 << 10

    private let leadsSession: Bool
    private let output: Pipe
    private let errors: Pipe
    /// Its standard input. Where the child is given nothing to read, the end of it tells that this process is gone.
    private let lifeline: Pipe
    /// `nil` once it has been waited for, after which the number may be another process's.
    private let id: Mutex<pid_t?>

    /// - Parameters:
    ///   - command: a path or a name in `PATH`, and the arguments.
    ///   - environment: that of this process where none is given.
    ///   - leadsSession: whether it gets a session and so a process group of its own, which is ended as a whole. A child that
    ///     does not stays under whatever ends the group of this process.
    ///   - processorSeconds: the soft limit on its processor time, where it is not to be that of this process.
    init(
        _ command: [String], environment: [String: String]? = nil, leadsSession: Bool, processorSeconds: Int? = nil
    ) throws(Failure) {
        self.leadsSession = leadsSession
        output = try Pipe()
        errors = try Pipe()
        lifeline = try Pipe()
        var process: pid_t = 0
        let (output, errors, lifeline) = (output, errors, lifeline)
        let code = ProcessorTime.limited(to: processorSeconds) {
            Self.spawn(
                &process, command, environment, leadsSession: leadsSession, output: output, errors: errors,
                lifeline: lifeline)
        }
        // Only the child may hold these, or their end would never come.
        output.closeFarEnd()
        errors.closeFarEnd()
        lifeline.closeFarEnd()
        switch code {
        case 0: id = Mutex(process)
        case ENOENT, EACCES, ENOEXEC, ENOTDIR: throw .missing
        default: throw .cannotStart(code)
        }
    }

    /// Waits until the child has ended; blocks the thread. What it started is ended with it.
    func run(seconds: Int, input: [UInt8]? = nil, outputLimit: Int) throws(Failure) -> Result {
        var bytes: [UInt8] = []
        let result = try run(seconds: seconds, input: input) { piece in
            guard bytes.count + piece.count <= outputLimit else { return false }
            bytes += piece
            return true
        }
        return Result(status: result.status, output: bytes, message: result.message)
    }

    /// The same for output that is too long to be held: `receive` is given each piece as it comes.
    /// - Parameters:
    ///   - input: what the child reads from its standard input.
    ///   - receive: returns false to end the child, which throws `.outputTooLong`.
    func run(
        seconds: Int, input: [UInt8]? = nil, receive: (ArraySlice<UInt8>) -> Bool
    ) throws(Failure) -> Result {
        var message: [UInt8] = []
        do {
            try exchange(input, until: .now() + .seconds(seconds)) { piece, isOutput in
                if isOutput { return receive(piece) }
                message += piece.prefix(Self.messageLimit - message.count)
                return true
            }
        } catch {
            if end() { _ = wait() }
            throw error
        }
        return Result(status: wait(), output: [], message: String(decoding: message, as: UTF8.self))
    }

    /// Ends the child and what it started at once; may be called at any time, from any thread.
    /// - Returns: false where this process may not: in a sandbox, where the group is ended as a whole from outside.
    @discardableResult func end() -> Bool {
        id.withLock { id in
            guard let id else { return true }
            return kill(leadsSession ? -id : id, SIGKILL) == 0
        }
    }

    private func wait() -> Status {
        guard let process = id.withLock({ $0 }) else { return .exited(0) }
        // Until it is waited for, its number is nobody else's: what it left behind can be ended safely.
        var information = siginfo_t()
        while waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) < 0 && errno == EINTR {}
        return id.withLock { id in
            if leadsSession { kill(-process, SIGKILL) }
            var status: Int32 = 0
            while waitpid(process, &status, 0) < 0 && errno == EINTR {}
            id = nil
            let signal = status & 0x7F
            return signal == 0 ? .exited((status >> 8) & 0xFF) : .signaled(signal)
        }
    }

    // MARK: Starting

    private static func spawn(
        _ process: inout pid_t, _ command: [String], _ environment: [String: String]?, leadsSession: Bool,
        output: Pipe, errors: Pipe, lifeline: Pipe
    ) -> Int32 {
        let arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        let variables: [UnsafeMutablePointer<CChar>?] =
            (environment ?? [:]).map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (arguments + variables).forEach { free($0) } }
        let descriptors = [lifeline.farEnd, output.farEnd, errors.farEnd]
        return arguments.withUnsafeBufferPointer { arguments in
            variables.withUnsafeBufferPointer { variables in
                descriptors.withUnsafeBufferPointer { descriptors in
                    var program = sb_program(
                        arguments: arguments.baseAddress, environment: environment == nil ? nil : variables.baseAddress,
                        descriptors: descriptors.baseAddress, descriptor_count: descriptors.count,
                        leads_session: leadsSession)
                    return sb_start(&process, &program)
                }
            }
        }
    }

    /// Two sockets that are joined, closed in other children from the start, which pipe(2) cannot promise.
    private final class Pipe: Sendable {
        let nearEnd: Int32
        let farEnd: Int32
        private let isFarEndOpen = Mutex(true)

        init() throws(Failure) {
            var ends: [Int32] = [0, 0]
            let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
            guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw .cannotStart(errno) }
            (nearEnd, farEnd) = (ends[0], ends[1])
        }

        func closeFarEnd() {
            isFarEndOpen.withLock { isOpen in
                if isOpen { close(farEnd) }
                isOpen = false
            }
        }

        deinit {
            closeFarEnd()
            close(nearEnd)
        }
    }

    // MARK: Exchanging

    /// Writes the input and hands on what comes, until both of the child's outputs have ended.
    private func exchange(
        _ input: [UInt8]?, until deadline: DispatchTime, receive: (ArraySlice<UInt8>, _ isOutput: Bool) -> Bool
    ) throws(Failure) {
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        var written = 0
        var isWriting = input != nil
        var isOpen = [true, true]
        // A child that crashed may leave a tool behind, which holds the streams open: its exit ends the whole group.
        var exit = leadsSession ? sb_open_process(id.withLock { $0 } ?? -1) : -1
        defer { if exit >= 0 { close(exit) } }
        while isOpen.contains(true) {
            let now = DispatchTime.now()
            guard now < deadline else { throw .timedOut }
            let milliseconds = (deadline.uptimeNanoseconds - now.uptimeNanoseconds) / 1_000_000 + 1
            var requests = [
                pollfd(fd: isOpen[0] ? output.nearEnd : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: isOpen[1] ? errors.nearEnd : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: exit, events: Int16(POLLIN), revents: 0),
                pollfd(fd: isWriting ? lifeline.nearEnd : -1, events: Int16(POLLOUT), revents: 0),
            ]
            guard poll(&requests, nfds_t(requests.count), Int32(clamping: milliseconds)) > 0 else { continue }
            if requests[2].revents != 0 {
                end()
                close(exit)
                exit = -1
            }
            if requests[3].revents != 0, let input { isWriting = write(input, &written) }
            for index in isOpen.indices where requests[index].revents != 0 {
                let count = read(requests[index].fd, &piece, piece.count)
                if count < 0 && (errno == EINTR || errno == EAGAIN) { continue }
                isOpen[index] = count > 0
                if count > 0, !receive(piece[..<count], index == 0) { throw .outputTooLong }
            }
        }
    }

    /// Writes what the child takes now.
    /// - Returns: false when nothing is left to write, or the child reads no more.
    private func write(_ input: [UInt8], _ written: inout Int) -> Bool {
        let count = input[written...].withUnsafeBytes {
            send(lifeline.nearEnd, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
        }
        if count < 0 && (errno == EINTR || errno == EAGAIN) { return true }
        written += max(0, count)
        if count >= 0 && written < input.count { return true }
        shutdown(lifeline.nearEnd, Int32(SHUT_WR))
        return false
    }
}

/// The soft limit of this process on processor time, which what it starts takes over.
enum ProcessorTime {
    private static let lock = Mutex(())

    /// Raises the limit of this process, up to the hard one, where there is one.
    static func allow(_ seconds: Int) {
        lock.withLock { _ in
            var limit = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &limit)
            guard limit.rlim_cur < rlim_t(seconds) else { return }
            limit.rlim_cur = min(rlim_t(seconds), limit.rlim_max)
            setrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &limit)
        }
    }

    /// Runs `start` with another limit, up to the hard one, which nobody can raise.
    ///
    /// This process may have spent more than that already, so the signal is ignored meanwhile; `start` must give the
    /// new process the usual dispositions.
    static func limited(to seconds: Int?, _ start: () -> Int32) -> Int32 {
        guard let seconds else { return start() }
        return lock.withLock { _ in
            var usual = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &usual)
            var other = usual
            other.rlim_cur = min(rlim_t(seconds), usual.rlim_max)
            let usualHandler = signal(SIGXCPU, SIG_IGN)
            setrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &other)
            defer {
                setrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &usual)
                // Discards the one that waits for a thread which has it blocked, as those of libdispatch have.
                signal(SIGXCPU, SIG_IGN)
                signal(SIGXCPU, usualHandler)
            }
            return start()
        }
    }
}
