import Foundation

/// The server that was built beside the tests.
package enum ServerBinary {
    struct Missing: Error, CustomStringConvertible {
        let path: String
        var description: String { "no server at \(path): run `swift build` first, or name one in LECTERN_BINARY" }
    }

    /// From `LECTERN_BINARY`, else the product beside the program that runs the tests.
    package static func path() throws -> String {
        let tests = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        let beside = tests.deletingLastPathComponent().appendingPathComponent("lectern").path
        let path = ProcessInfo.processInfo.environment["LECTERN_BINARY"] ?? beside
        guard FileManager.default.isExecutableFile(atPath: path) else { throw Missing(path: path) }
        return path
    }
}
