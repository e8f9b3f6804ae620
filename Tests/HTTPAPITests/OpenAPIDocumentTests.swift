import Domain
import Foundation
import HTTPAPI
import Hummingbird
import Testing
import WebUI

@Suite struct OpenAPIDocumentTests {
    @Test func `routes and document name the same operations`() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "lectern-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let services = try await TestServer(directory: directory).services
        let routes = Set(
            buildRouter(services).routes.filter { $0.method != .head }.map { "\($0.method) \($0.path)".lowercased() })
        let document = try JSON(parsing: EmbeddedFile.openAPIDocument)
        let paths = try #require(document["paths"]?.objectValue)
        let documented = Set(
            paths.members.flatMap { path in
                (path.value.objectValue?.keys ?? []).map { "\($0) /api\(path.key)".lowercased() }
            })
        #expect(routes.subtracting(documented) == [])
        #expect(documented.subtracting(routes) == [])
    }
}
