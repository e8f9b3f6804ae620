import Domain
import Engine
import HTTPTypes
import Hummingbird
import OrderedJSON
import Persistence

struct VectorSearchRoutes: Sendable {
    let workspaces: WorkspaceDirectory
    let retriever: Retriever

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1/workspace")
            .post("{slug}/vector-search", .requires(.search), use: search)
    }

    @Sendable private func search(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let body = try await RequestPayload(&request)
        let workspace = try await workspaces.valid(context)
        let payload = try VectorSearchPayload(body, for: workspace)
        let page = try await retriever.page(payload.query, in: workspace.id, for: context.caller)
        if page.hits.isEmpty {
            switch try await retriever.searchability(of: workspace.id) {
            case .ready: break
            case .blocked(let problem): throw problem
            case .empty:
                return Response(
                    json: ["results": [], "hasMore": false, "message": "No embeddings found for this workspace."])
            }
        }
        let neighbors = try await retriever.neighbors(of: page.hits, distance: payload.neighborDistance)
        let results = page.hits.map { hit in
            hit.result(neighbors: payload.neighborDistance > 0 ? neighbors[hit.chunk.id] ?? [] : nil)
        }
        return Response(json: ["results": .array(results), "hasMore": .bool(page.hasMore)])
    }
}
