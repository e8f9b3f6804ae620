import Domain
import Foundation
import Glibc

/// Starts the child that parses one file, bounds it, and ends it with everything that it started.
struct ParserSandbox: Sendable {
    let command: [String]
    let limits: ParseLimits

    /// - Parameter progress: called on the thread that listens to the child.
    func read(
        path: String, fileName: String, address: LinkAddress?, progress: @escaping @Sendable (ParseProgress) -> Void
    ) async throws -> [ParsedDocument] {
        let size = (try? FileBytes(path: path).count) ?? 0
        let limits = limits.fitting(
            fileOfBytes: size, pages: DocumentFormat.hasPages(path: path, fileName: fileName, limits: limits))
        let request = ParseRequest(path: path, fileName: fileName, limits: limits, address: address)
        let reply: ParseReply = try await ask(request, limits: limits, progress: progress)
        return try reply.get()
    }

    /// Sends the child one request and gives its reply.
    func ask<Reply: Decodable & Sendable>(
        _ request: some Encodable, limits: ParseLimits, progress: @escaping @Sendable (ParseProgress) -> Void = { _ in }
    ) async throws -> Reply {
        try await withChild(request, limits: limits) { child in
            let result: ChildProcess.Result
            var output = ParseOutput(byteLimit: ParseReply.byteLimit(for: limits))
            do throws(ChildProcess.Failure) {
                result = try child.run(seconds: limits.maximumSeconds) { output.receive($0, progress: progress) }
            } catch { throw failure(error, limits: limits) }
            try check(result.status, limits: limits)
            guard let reply = try? JSONDecoder().decode(Reply.self, from: Data(output.reply)) else {
                throw Self.crash
            }
            return reply
        }
    }

    /// Sends the child one request, whose answer is its output as it is; what failed it says on standard error.
    func stream(
        _ request: some Encodable, limits: ParseLimits, receive: @escaping @Sendable (ArraySlice<UInt8>) throws -> Void
    ) async throws {
        try await withChild(request, limits: limits) { child in
            try throwing(receive) { take in
                let result: ChildProcess.Result
                do throws(ChildProcess.Failure) {
                    result = try child.run(seconds: limits.maximumSeconds, receive: take)
                } catch { throw failure(error, limits: limits) }
                if result.status == .exited(EX_DATAERR),
                    let reason = try? JSONDecoder().decode(ParseError.self, from: Data(result.message.utf8))
                {
                    throw reason
                }
                try check(result.status, limits: limits)
            }
        }
    }

    /// Starts a child, which ends with the task.
    private func withChild<Value: Sendable>(
        _ request: some Encodable, limits: ParseLimits, _ body: @escaping @Sendable (ChildProcess) throws -> Value
    ) async throws -> Value {
        let request = String(decoding: try JSONEncoder().encode(request), as: UTF8.self)
        let child: ChildProcess
        do {
            child = try ChildProcess(command, environment: Self.environment(request), leadsSession: true)
        } catch { throw failure(error, limits: limits) }
        do {
            return try await withTaskCancellationHandler {
                try await onBackgroundThread { try body(child) }
            } onCancel: {
                child.end()
            }
        } catch {
            try Task.checkCancellation()
            throw error
        }
    }

    private func check(_ status: ChildProcess.Status, limits: ParseLimits) throws(ParseError) {
        switch status {
        case .exited(0): return
        case .signaled(SIGXCPU): throw .processorTimeSpent(limits.maximumProcessorSeconds)
        case .exited(EX_OSERR): throw .unavailable("its parser could not be confined")
        default: throw Self.crash
        }
    }

    private static let crash = ParseError.corrupt("it could not be read: its content made the parser fail")

    private func failure(_ failure: ChildProcess.Failure, limits: ParseLimits) -> ParseError {
        switch failure {
        case .missing: .toolMissing(command.first ?? "the document parser")
        case .cannotStart(let code): .unavailable("no process can be started: \(String(cString: strerror(code)))")
        case .timedOut: .tooLarge("reading it takes longer than \(limits.maximumSeconds) seconds")
        case .outputTooLong: .tooLarge("it has more than \(limits.maximumTextBytes >> 20) MiB of text")
        }
    }

    /// No secret of the server's environment reaches the child.
    private static func environment(_ request: String) -> [String: String] {
        var environment = [
            "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent",
            // A crash shall end the child, not start a debugger.
            "SWIFT_BACKTRACE": "enable=no", ParseRequest.environmentKey: request,
        ]
        environment[libraryVariable] = ProcessInfo.processInfo.environment[libraryVariable]
        return environment
    }

    /// Where the Swift runtime is not in the system's own folders.
    private static let libraryVariable = "LD_LIBRARY_PATH"

    static func libraries() -> [String] {
        (ProcessInfo.processInfo.environment[libraryVariable] ?? "").split(separator: ":").map(String.init)
            .filter { $0.hasPrefix("/") && $0 != "/" }
    }
}

extension ParseError {
    static func processorTimeSpent(_ seconds: Int) -> ParseError {
        .tooLarge("reading it takes more than \(seconds) seconds of processor time")
    }
}
