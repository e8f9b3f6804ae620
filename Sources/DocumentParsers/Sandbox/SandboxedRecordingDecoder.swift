import Concurrency
package import Domain
import Foundation
import Glibc

/// Takes the sound out of recordings in a child process of the same executable, confined like that of a parser.
package struct SandboxedRecordingDecoder: RecordingDecoder {
    private let sandbox: ParserSandbox
    private let limits: ParseLimits
    private let children: Concurrency.Semaphore

    /// - Parameters:
    ///   - command: what starts the child: the path of the executable, then the hidden subcommand.
    ///   - parallelism: how many recordings are decoded at once; others wait in order.
    package init(command: [String], limits: ParseLimits = .recordings, parallelism: Int = 2) {
        sandbox = ParserSandbox(command: command, limits: limits)
        self.limits = limits
        children = Concurrency.Semaphore(value: parallelism)
    }

    package var isAvailable: Bool { SoundExtractor.tool.isInstalled }

    package func decode(
        path: String, receive: @escaping @Sendable (ArraySlice<UInt8>) throws -> Void
    ) async throws {
        // Nothing of the request but the path and the limits is looked at.
        let request = ParseRequest(path: path, fileName: "", limits: limits)
        try await children.withPermit { try await sandbox.stream(request, limits: limits, receive: receive) }
    }
}

/// The hidden subcommand `decode-recording`: takes a request from the environment, confines itself, and writes the sound to
/// standard output. Where there is none, the reason is on standard error, as JSON.
package func runDecodeRecording() -> Int32 {
    guard let request = ParseRequest.fromEnvironment() else {
        FileHandle.standardError.write(Data("decode-recording is run by the server, not by hand\n".utf8))
        return EX_USAGE
    }
    _ = nice(5)
    do {
        try Confinement.enter(
            limits: request.limits, path: request.path, mayStartProcesses: true, libraries: ParserSandbox.libraries())
    } catch {
        FileHandle.standardError.write(Data("the sandbox failed at \(error.step): error \(error.code)\n".utf8))
        return EX_OSERR
    }
    Lifeline.watch()
    do {
        try SoundExtractor(limits: request.limits).extract(from: request.path) { piece in
            (try? FileHandle.standardOutput.write(contentsOf: Data(piece))) != nil
        }
        return EX_OK
    } catch {
        guard let reason = try? JSONEncoder().encode(error) else { return EX_SOFTWARE }
        FileHandle.standardError.write(reason)
        return EX_DATAERR
    }
}
