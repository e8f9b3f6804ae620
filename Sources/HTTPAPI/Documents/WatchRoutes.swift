import Domain
import Engine
import HTTPTypes
import Hummingbird
import OrderedJSON

/// Documents of links that are to be what is behind their addresses now.
///
/// | operation | |
/// |---|---|
/// | `POST document/watch` | again and again from now on, or not any more |
/// | `POST document/refresh` | at once |
struct WatchRoutes: Sendable {
    let watch: LinkWatch

    /// Documents that one request may name.
    private static let maximumDocuments = 1000

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1")
            .post("document/watch", .requires(.addDocuments), use: setWatched)
            .post("document/refresh", .requires(.addDocuments), use: refresh)
    }

    @Sendable private func setWatched(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        let paths = try Self.paths(payload)
        guard case .bool(let isWatched) = payload["watched"] ?? true else {
            throw Self.refusal(.badRequest, "watched must be true or false.")
        }
        let headers = payload["scraperHeaders"].map { [LinkHeader]($0) }
        let refusals: [LinkWatch.Refusal]
        do {
            refusals = try await watch.setWatched(isWatched, paths, headers: headers, by: context.caller)
        } catch let error as ServiceError where error.code == .conflict {
            throw Self.refusal(.conflict, error.message)
        }
        let reasons = Self.reasons(refusals)
        let documents = paths.map { path -> JSON in
            [
                "location": .string(path), "watched": .bool(isWatched && reasons[path] == nil),
                "error": JSON(reasons[path]),
            ]
        }
        return Response(
            json: [
                "success": .bool(reasons.count < paths.count || paths.isEmpty), "error": JSON(refusals.first?.reason),
                "documents": .array(documents),
            ])
    }

    @Sendable private func refresh(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let isAwaited = try request.isAwaited
        let payload = try await RequestPayload(&request)
        let paths = try Self.paths(payload)
        let (job, refusals) = try await watch.refresh(paths, isAwaited: isAwaited, by: context.caller)
        let refused = refusals.map { refusal -> JSON in
            ["location": .string(refusal.path), "changed": .null, "error": .string(refusal.reason)]
        }
        guard let job else {
            return Response(
                json: [
                    "success": .bool(paths.isEmpty), "error": JSON(refusals.first?.reason),
                    "documents": .array(refused),
                ])
        }
        guard isAwaited else {
            return Response(
                status: .accepted,
                json: [
                    "success": true, "error": nil, "jobId": .string(job.id), "job": job.json(nil),
                    "documents": .array(refused),
                ])
        }
        let documents = try await watch.results(of: job)
        let failed = documents.first { $0.error != nil }
        let rows = documents.map { document -> JSON in
            [
                "location": JSON(document.path?.text), "link": .string(document.link),
                "changed": .bool(document.isChanged),
                "error": JSON(document.error),
            ]
        }
        return Response(
            json: [
                "success": .bool(documents.contains { $0.error == nil }),
                "error": JSON(failed?.error ?? refusals.first?.reason), "documents": .array(rows + refused),
            ])
    }

    private static func paths(_ payload: RequestPayload) throws(APIError) -> [String] {
        let sent = payload["documents"]?.arrayValue
        let paths = sent?.compactMap(\.stringValue)
        guard let sent, let paths, paths.count == sent.count else {
            throw refusal(.badRequest, "documents must be an array of document paths, folder/name.json.")
        }
        guard paths.count <= maximumDocuments else {
            throw refusal(
                .contentTooLarge, "One request may name at most \(maximumDocuments) documents; send several.")
        }
        return paths.unique
    }

    private static func reasons(_ refusals: [LinkWatch.Refusal]) -> [String: String] {
        Dictionary(refusals.map { ($0.path, $0.reason) }) { first, _ in first }
    }

    private static func refusal(_ status: HTTPResponse.Status, _ message: String) -> APIError {
        APIError(status, body: ["success": false, "error": .string(message)])
    }
}
