import Domain
import Engine
import HTTPAPI
import HTTPTypes
import HummingbirdTesting
import NIOCore
import OrderedJSON
import Persistence

extension TestClient {
    /// The whole answer, for those who look at its headers.
    func response(
        _ method: HTTPRequest.Method, _ path: String, _ body: JSON
    ) async throws -> (status: Int, headers: HTTPFields, text: String) {
        try await response(method, address: "/api" + path, body)
    }

    /// - Parameter address: from the root of the server.
    func response(
        _ method: HTTPRequest.Method, address: String, _ body: JSON
    ) async throws -> (status: Int, headers: HTTPFields, text: String) {
        try await client.execute(
            uri: address, method: method,
            headers: [.authorization: "Bearer \(key)", .contentType: "application/json"],
            body: ByteBuffer(string: body.text)
        ) { (Int($0.status.code), $0.headers, String(buffer: $0.body)) }
    }
}

extension TestClient {
    /// Waits for the jobs that are under way.
    func finishJobs() async throws {
        for job in try await JobStore(server.database).unfinished() {
            _ = try? await server.services.administration.jobs.outcome(of: job.id)
        }
    }
}
