import Domain
import Engine
import HTTPTypes
import Hummingbird
import Persistence

/// | method | path | who |
/// |---|---|---|
/// | POST | /v1/workspace/{slug}/vector-search | API key |
struct VectorSearchRoutes: Sendable {
    let workspaces: WorkspaceStore
    let retriever: Retriever

    var endpoints: RouteCollection<AuthenticatedContext> {
        RouteCollection(context: AuthenticatedContext.self).post("{slug}/vector-search", use: search)
    }

    @Sendable private func search(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        var request = request
        let body = try await RequestPayload(&request)
        let slug = try context.parameter("slug")
        guard let workspace = try await workspaces.find(slug: slug) else {
            throw APIError(.badRequest, body: ["message": .string("Workspace \(slug) is not a valid workspace.")])
        }
        let payload = try VectorSearchPayload(body, for: workspace)
        switch try await retriever.searchability(of: workspace.id) {
        case .ready: break
        case .blocked(let problem): throw problem
        case .empty:
            return Response(
                json: ["results": [], "hasMore": false, "message": "No embeddings found for this workspace."])
        }
        let page = try await retriever.page(payload.query, in: workspace.id)
        let neighbors = try await retriever.neighbors(of: page.hits, distance: payload.neighborDistance)
        let results = page.hits.map { hit in
            hit.result(neighbors: payload.neighborDistance > 0 ? neighbors[hit.chunk.id] ?? [] : nil)
        }
        return Response(json: ["results": .array(results), "hasMore": .bool(page.hasMore)])
    }
}
