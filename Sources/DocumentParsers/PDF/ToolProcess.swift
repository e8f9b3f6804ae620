import Dispatch
import Glibc

/// Runs a command-line tool to its end and waits, as parsers do that are themselves in a sandboxed child.
///
/// The tool stays in the caller's process group and under its resource limits, so whatever ends the parser ends the tool
/// too. (Foundation's `Process` would put it into a group of its own, and leave it behind.)
enum ToolProcess {
    struct Result {
        /// The exit status; a tool that was ended by a signal gives 128 + its number, as shells do.
        var status: Int32
        var output: [UInt8]
        /// What it said on standard error, cut at 64 KiB.
        var message: String
    }

    enum Failure: Error {
        case missing
        case timedOut
        case outputTooLong
    }

    private static let messageLimit = 64 << 10

    static func run(
        _ tool: String, _ arguments: [String], seconds: Int, outputLimit: Int
    ) throws(Failure) -> Result {
        let output = try Pipe()
        let errors = try Pipe()
        let process = try spawn(tool, arguments, output: output, errors: errors)
        output.closeWriting()
        errors.closeWriting()
        var streams = [
            Stream(descriptor: output.reading, limit: outputLimit, failsOverLimit: true),
            Stream(descriptor: errors.reading, limit: messageLimit, failsOverLimit: false),
        ]
        do {
            try collect(&streams, deadline: .now() + .seconds(seconds))
        } catch {
            kill(process, SIGKILL)
            _ = wait(for: process)
            throw error
        }
        let status = wait(for: process)
        return Result(
            status: status, output: streams[0].bytes, message: String(decoding: streams[1].bytes, as: UTF8.self))
    }

    /// Both ends are closed with the value: a class, so that it happens on every way out.
    private final class Pipe {
        let reading: Int32
        let writing: Int32
        private var isWritingOpen = true

        init() throws(Failure) {
            var ends: [Int32] = [0, 0]
            // A pair of sockets is closed in other children from the start; pipe(2) cannot promise that.
            let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
            guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw .missing }
            reading = ends[0]
            writing = ends[1]
        }

        func closeWriting() {
            if isWritingOpen { close(writing) }
            isWritingOpen = false
        }

        deinit {
            closeWriting()
            close(reading)
        }
    }

    private static func spawn(
        _ tool: String, _ arguments: [String], output: borrowing Pipe, errors: borrowing Pipe
    ) throws(Failure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output.writing, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errors.writing, STDERR_FILENO)
        var words: [UnsafeMutablePointer<CChar>?] = ([tool] + arguments).map { strdup($0) }
        defer { words.forEach { free($0) } }
        words.append(nil)
        var process: pid_t = 0
        guard posix_spawnp(&process, tool, &actions, nil, words, environ) == 0 else { throw .missing }
        return process
    }

    private struct Stream {
        let descriptor: Int32
        let limit: Int
        let failsOverLimit: Bool
        var bytes: [UInt8] = []
        var isOpen = true

        /// Takes what is there now.
        mutating func drain(into piece: inout [UInt8]) throws(Failure) {
            let got = read(descriptor, &piece, piece.count)
            if got < 0 && (errno == EINTR || errno == EAGAIN) { return }
            guard got > 0 else {
                isOpen = false
                return
            }
            if bytes.count + got > limit && failsOverLimit { throw .outputTooLong }
            bytes += piece.prefix(min(got, limit - bytes.count))
        }
    }

    private static func collect(_ streams: inout [Stream], deadline: DispatchTime) throws(Failure) {
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while streams.contains(where: \.isOpen) {
            let now = DispatchTime.now()
            guard now < deadline else { throw .timedOut }
            let milliseconds = (deadline.uptimeNanoseconds - now.uptimeNanoseconds) / 1_000_000 + 1
            var requests = streams.map { stream in
                pollfd(fd: stream.isOpen ? stream.descriptor : -1, events: Int16(POLLIN), revents: 0)
            }
            guard poll(&requests, nfds_t(requests.count), Int32(clamping: milliseconds)) > 0 else { continue }
            for index in streams.indices where requests[index].revents != 0 {
                try streams[index].drain(into: &piece)
            }
        }
    }

    private static func wait(for process: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }
}
