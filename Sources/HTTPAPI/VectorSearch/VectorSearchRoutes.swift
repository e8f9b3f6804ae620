import Domain
import Engine
import HTTPTypes
import Hummingbird
import OrderedJSON
import Persistence

struct VectorSearchRoutes: Sendable {
    let workspaces: WorkspaceDirectory
    let documents: DocumentDirectory
    let retriever: Retriever

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1/workspace")
            .post("{slug}/vector-search", .requires(.search), use: search)
            .post("{slug}/evaluate", .requires(.search), use: evaluate)
    }

    @Sendable private func evaluate(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let body = try await RequestPayload(&request)
        let workspace = try await workspaces.valid(context)
        let members = try await documents.documents(in: workspace, for: context.caller)
        let payload = try await body.reading { try EvaluationPayload(body, members) }
        let results = try await WorkspaceEvaluation(retriever).results(
            payload.questions, modes: payload.modes, depth: payload.depth, in: workspace, for: context.caller)
        return Response(
            json: [
                "workspace": .string(workspace.slug), "depth": JSON(payload.depth), "modes": results.json,
                "questions": results.json(of: payload.questions),
            ])
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
        var answer: JSONObject = ["results": .array(results), "hasMore": .bool(page.hasMore)]
        let warnings = try await retriever.warnings(
            for: payload.query.text, finding: page.hits, mode: payload.query.mode, in: workspace.id)
        if !warnings.isEmpty { answer["warnings"] = .array(warnings.map(JSON.string)) }
        if let reranking = page.reranking { answer["metrics"] = ["rerank": reranking.json] }
        return Response(json: .object(answer))
    }
}
