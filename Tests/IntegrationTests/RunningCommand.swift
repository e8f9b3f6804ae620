import Foundation
import TestSupport

/// A command of the built program that asks a running server, as it runs.
final class RunningCommand {
    private let process = Process()
    private let output = Pipe()
    private var seen = ""

    init(_ arguments: [String], _ server: RunningServer, key: String? = nil) throws {
        process.executableURL = URL(fileURLWithPath: try ServerBinary.path())
        process.arguments = arguments
        var variables = ProcessInfo.processInfo.environment
        variables["LECTERN_SERVER"] = "http://127.0.0.1:\(server.api.port)"
        variables["LECTERN_API_KEY"] = key ?? server.api.key
        variables["DATABASE_URL"] = server.databaseURL
        process.environment = variables
        process.standardOutput = output
        process.standardError = output
        try process.run()
    }

    /// What it has written so far, once `condition` holds of it or it has ended.
    func text(until condition: (String) -> Bool) async throws -> String {
        while !condition(seen) {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { break }
            seen += String(decoding: data, as: UTF8.self)
        }
        return seen
    }

    func end(with signal: Int32) { if process.isRunning { kill(process.processIdentifier, signal) } }

    var status: Int32 {
        process.waitUntilExit()
        return process.terminationStatus
    }
}
