import Domain
import Foundation
import HTTPAPI
import Hummingbird
import OrderedJSON
import Testing
import WebUI

@Suite struct OpenAPIDocumentTests {
    @Test func `every operation says what may be answered to any request`() throws {
        let document = try JSON(parsing: EmbeddedFile.openAPIDocument)
        for path in try #require(document["paths"]?.objectValue).members {
            for operation in DocumentedPath(path).operations {
                let statuses = operation.value["responses"]?.objectValue?.keys ?? []
                #expect(statuses.contains("421") && statuses.contains("429"), "\(operation.names)")
            }
        }
    }

    @Test func `routes and document name the same operations`() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "lectern-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let services = try await TestServer(directory: directory).services
        let routes = Set(
            buildRouter(services).routes.filter { $0.method != .head }.map { "\($0.method) \($0.path)".lowercased() })
        let document = try JSON(parsing: EmbeddedFile.openAPIDocument)
        let paths = try #require(document["paths"]?.objectValue)
        let documented = Set(paths.members.flatMap { DocumentedPath($0).operations.flatMap(\.names) })
        let undocumented = routes.subtracting(documented).filter { !Self.isWordForParameter($0, in: documented) }
        #expect(undocumented == [])
        #expect(documented.subtracting(routes) == [])
    }

    /// Whether a route answers for a word as another one does for any value: `GET …/new` as `GET …/{slug}`, where the
    /// word has operations of its own.
    private static func isWordForParameter(_ route: String, in documented: Set<String>) -> Bool {
        let parts = route.split(separator: "/")
        let path = route.drop { $0 != "/" }
        let hasOperations = documented.contains { $0.drop { $0 != "/" } == path }
        return hasOperations
            && documented.contains { operation in
                let others = operation.split(separator: "/")
                return others.dropLast() == parts.dropLast() && others.last?.hasPrefix("{") == true
            }
    }
}
