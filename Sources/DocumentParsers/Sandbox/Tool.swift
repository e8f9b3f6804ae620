import Domain
import Foundation
import Glibc

/// A program of the system that parsers run on a file.
struct Tool: Sendable {
    /// What a tool reads: a file, or its standard input.
    enum Input: Sendable {
        case path(String)
        case bytes([UInt8])

        /// As an argument.
        func argument(forBytes: String) -> String {
            switch self {
            // Paths are made by the server and are absolute, so none can be taken for an option.
            case .path(let path): path
            case .bytes: forBytes
            }
        }

        var bytes: [UInt8]? {
            switch self {
            case .path: nil
            case .bytes(let bytes): bytes
            }
        }
    }

    let name: String
    /// The Debian package that it comes with.
    let package: String

    /// Where the child of a parser looks for programs.
    private static let folders = ["/usr/local/bin", "/usr/bin", "/bin"]

    var isInstalled: Bool { Self.folders.contains { access("\($0)/\(name)", X_OK) == 0 } }

    var missing: ParseError { .toolMissing("\(name) (Debian package \(package))") }

    /// Runs it to its end; what it exits with and says is left to the caller.
    /// - Parameters:
    ///   - processorSeconds: at most; that of this process where none is given.
    ///   - receive: is given its output in pieces, and returns false when it is too much.
    func run(
        _ arguments: [String], input: Input, limits: ParseLimits, processorSeconds: Int? = nil,
        receive: (ArraySlice<UInt8>) -> Bool
    ) throws(ParseError) -> ChildProcess.Result {
        do {
            let process = try ChildProcess(
                [name] + arguments, environment: Self.environment, leadsSession: false,
                processorSeconds: processorSeconds)
            return try process.run(seconds: limits.maximumSeconds, input: input.bytes, receive: receive)
        } catch {
            throw switch error {
            case .missing: missing
            case .cannotStart(let code): .unavailable("\(name) cannot be started (error \(code))")
            case .timedOut: .tooLarge("reading it takes longer than \(limits.maximumSeconds) seconds")
            case .outputTooLong: FileBytes.tooMuchText(limits)
            }
        }
    }

    /// The same for output that is held; `.tooLarge` where it has more bytes than `outputLimit`.
    func run(
        _ arguments: [String], input: Input, limits: ParseLimits, processorSeconds: Int? = nil, outputLimit: Int
    ) throws(ParseError) -> (result: ChildProcess.Result, output: [UInt8]) {
        var output: [UInt8] = []
        let result = try run(arguments, input: input, limits: limits, processorSeconds: processorSeconds) { piece in
            guard output.count + piece.count <= outputLimit else { return false }
            output += piece
            return true
        }
        return (result, output)
    }

    /// One page is the work of one core; several pages are read at once.
    private static var environment: [String: String] {
        ProcessInfo.processInfo.environment.merging(["OMP_THREAD_LIMIT": "1"]) { $1 }
    }
}
