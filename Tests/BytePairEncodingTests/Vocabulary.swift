import BytePairEncoding
import Domain
import Foundation
import OrderedJSON
import Testing

/// The vocabulary that script/fetch-vocabulary installs, and the fixtures.
enum Vocabulary {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    private static let file =
        root.deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "models/\(BytePairEncoder.fileName)").path

    static var isThere: Bool { FileManager.default.fileExists(atPath: file) }

    /// Loaded once for all tests.
    private static let loaded = Result { try BytePairEncoder(file: file) }

    static func encoder() throws -> BytePairEncoder { try loaded.get() }

    static func cases(_ name: String) throws -> [[JSON]] {
        let data = try Data(contentsOf: root.appending(path: "Fixtures/\(name)"))
        return try #require(try JSON(parsing: data).arrayValue).map { try #require($0.arrayValue) }
    }

    static func withFile(_ text: String, _ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "vocabulary-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try body(path)
    }
}
