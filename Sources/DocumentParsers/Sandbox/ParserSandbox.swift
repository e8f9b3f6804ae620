import Domain
import Foundation
import Glibc
import Subprocess
import SystemPackage

/// Starts the child that parses one file, bounds it, and ends it with everything that it started.
struct ParserSandbox: Sendable {
    let command: [String]
    let limits: ParseLimits

    /// From util-linux, which every Debian has.
    private static let limiter = "/usr/bin/prlimit"
    private static let openFiles = 64

    func read(path: String, fileName: String) async throws -> [ParsedDocument] {
        guard access(Self.limiter, X_OK) == 0 else {
            throw ParseError.toolMissing("prlimit (Debian package util-linux)")
        }
        let request = try JSONEncoder().encode(ParseRequest(path: path, fileName: fileName, limits: limits))
        let outcome = try await withTimeLimit { try await self.run(String(decoding: request, as: UTF8.self)) }
        guard outcome.status.isSuccess else { throw failure(outcome.status) }
        return try await decode(outcome.output)
    }

    private struct Outcome: Sendable {
        var status: TerminationStatus
        var output: [UInt8]
    }

    private func run(_ request: String) async throws -> Outcome {
        var options = PlatformOptions()
        // A session of its own makes a process group of its own, and no terminal can be opened.
        options.createSession = true
        // The child holds nothing that is worth an orderly end. The signal goes to the group: tools run in it too.
        options.teardownSequence = [
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .seconds(1))
        ]
        let limit = ParseReply.byteLimit(for: limits)
        let result = try await Subprocess.run(
            .path(FilePath(Self.limiter)), arguments: Arguments(arguments),
            environment: .custom(Self.environment(request)), platformOptions: options, input: .none,
            output: .sequence, error: .discarded
        ) { execution in
            var output: [UInt8] = []
            for try await chunk in execution.standardOutput {
                guard output.count + chunk.count <= limit else {
                    throw ParseError.tooLarge("it has more than \(limits.maximumTextBytes >> 20) MiB of text")
                }
                chunk.withUnsafeBytes { output.append(contentsOf: $0) }
            }
            // A child that crashed may leave a tool behind, which nobody would wait for. One that ended well is past
            // being killed: its output ends only when it exits, and its exit status is settled by then.
            try? execution.send(signal: .kill, toProcessGroup: true)
            return output
        }
        return Outcome(status: result.terminationStatus, output: result.closureResult)
    }

    /// CPU seconds are limited hard a little above the soft limit, so that its signal tells what happened.
    private var arguments: [String] {
        [
            "--as=\(limits.maximumMemoryBytes)", "--cpu=\(limits.maximumSeconds):\(limits.maximumSeconds + 5)",
            "--core=0", "--fsize=0", "--nofile=\(Self.openFiles)", "--",
        ] + command
    }

    /// No secret of the server's environment reaches the child.
    private static func environment(_ request: String) -> [Subprocess.Environment.Key: String] {
        var environment: [Subprocess.Environment.Key: String] = [
            "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent",
            // A crash shall end the child, not start a debugger.
            "SWIFT_BACKTRACE": "enable=no",
        ]
        if let key = Subprocess.Environment.Key(rawValue: ParseRequest.environmentKey) { environment[key] = request }
        // Where the Swift runtime is not in the system's own folders.
        if let libraries = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] {
            environment["LD_LIBRARY_PATH"] = libraries
        }
        return environment
    }

    private func withTimeLimit(_ work: @escaping @Sendable () async throws -> Outcome) async throws -> Outcome {
        try await withThrowingTaskGroup(of: Outcome?.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: .seconds(limits.maximumSeconds))
                return nil
            }
            guard let outcome = try await group.next() ?? nil else {
                throw ParseError.tooLarge("reading it takes longer than \(limits.maximumSeconds) seconds")
            }
            return outcome
        }
    }

    private func failure(_ status: TerminationStatus) -> any Error {
        switch status {
        // prlimit's own words for "not found" and "cannot be executed".
        case .exited(126), .exited(127): ParseError.toolMissing(command.first ?? "the document parser")
        case .signaled(SIGXCPU): ParseError.tooLarge("reading it takes more than \(limits.maximumSeconds) CPU seconds")
        default:
            Task.isCancelled
                ? CancellationError() : ParseError.corrupt("it could not be read: its content made the parser fail")
        }
    }

    private func decode(_ output: [UInt8]) async throws -> [ParsedDocument] {
        try await onBackgroundThread {
            guard let reply = try? JSONDecoder().decode(ParseReply.self, from: Data(output)) else {
                throw ParseError.corrupt("it could not be read: its content made the parser fail")
            }
            return try reply.get()
        }
    }
}
