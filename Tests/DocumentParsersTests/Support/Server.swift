import Foundation
import Testing

/// The built server, whose hidden subcommand is the sandboxed child.
enum ServerBinary {
    struct Missing: Error, CustomStringConvertible {
        let path: String
        var description: String {
            "no server at \(path): run `swift build` first, or name one in LECTERN_BINARY"
        }
    }

    /// From LECTERN_BINARY, else the product beside this test's bundle.
    static func parseCommand() throws -> [String] {
        let beside = Bundle.module.bundleURL.deletingLastPathComponent().appendingPathComponent("lectern").path
        let path = ProcessInfo.processInfo.environment["LECTERN_BINARY"] ?? beside
        guard FileManager.default.isExecutableFile(atPath: path) else { throw Missing(path: path) }
        return [path, "parse-document"]
    }
}
