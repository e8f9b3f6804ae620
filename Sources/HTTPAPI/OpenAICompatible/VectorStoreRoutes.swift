import Domain
import Engine
import HTTPTypes
import Hummingbird
import OrderedJSON
import Persistence

/// Workspaces as OpenAI's vector stores, for reading.
struct VectorStoreRoutes: Sendable {
    let workspaces: WorkspaceDirectory
    let documents: DocumentDirectory
    let statistics: InstanceStatistics
    let retriever: Retriever
    let embedding: EmbeddingService
    let settings: Settings

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1/openai")
            .get("vector_stores", .requires(.readWorkspaces), use: list)
            .get("vector_stores/{id}", .requires(.readWorkspaces), use: find)
            .get("vector_stores/{id}/files", .requires(.readWorkspaces), use: files)
            .get("vector_stores/{id}/files/{fileId}", .requires(.readWorkspaces), use: file)
            .post("vector_stores/{id}/search", .requires(.search), use: search)
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let page = try CursorPage(
            of: try await workspaces.all(for: context.caller), request.uri.queryParameters, id: \.slug)
        let object = try await objects(for: context.caller)
        return Response(json: page.json(id: \.slug) { object($0).json })
    }

    @Sendable private func find(_ request: Request, _ context: APIContext) async throws -> Response {
        let workspace = try await workspace(context)
        return Response(json: try await objects(for: context.caller)(workspace).json)
    }

    @Sendable private func files(_ request: Request, _ context: APIContext) async throws -> Response {
        let workspace = try await workspace(context)
        // Documents are in a workspace once they are embedded: whoever asks for others is shown none.
        let files =
            try Self.isCompleted(request.uri.queryParameters.get("filter"))
            ? try await documents.documents(in: workspace, for: context.caller) : []
        let page = try CursorPage(of: files, request.uri.queryParameters, id: \.docID)
        return Response(json: page.json(id: \.docID) { $0.vectorStoreFile(in: workspace) })
    }

    @Sendable private func file(_ request: Request, _ context: APIContext) async throws -> Response {
        let workspace = try await workspace(context)
        let id = try context.parameter("fileid")
        guard
            let document = try await documents.documents(in: workspace, for: context.caller).first(where: {
                $0.docID == id
            })
        else {
            throw APIError.openAI(
                .notFound, "No file found with id '\(id)' in vector store '\(workspace.slug)'.", parameter: "file_id")
        }
        return Response(json: document.vectorStoreFile(in: workspace))
    }

    @Sendable private func search(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let workspace = try await workspace(context)
        let body = try await RequestPayload.inOpenAIShape(&request, limit: RequestPayload.smallBody)
        let payload = try VectorStoreSearchPayload(body, for: workspace)
        do {
            let page = try await found(payload, in: workspace, for: context.caller)
            let nextPage = page.hasMore ? payload.nextPage : nil
            return Response(
                json: [
                    "object": "vector_store.search_results.page",
                    "search_query": .array(payload.queries.map { .string($0.text) }),
                    "data": .array(page.hits.map(\.vectorStoreResult)), "has_more": .bool(nextPage != nil),
                    "next_page": JSON(nextPage),
                ])
        } catch let error as ServiceError {
            throw APIError.openAI(error)
        }
    }

    // MARK: Steps

    private func workspace(_ context: APIContext) async throws -> Workspace {
        let slug = try context.parameter("id")
        guard let workspace = try await workspaces.find(slug: slug, for: context.caller) else {
            throw APIError.openAI(.notFound, "No vector store found with id '\(slug)'.", parameter: "vector_store_id")
        }
        return workspace
    }

    /// Whether files of this status are those that are done; `nil` and an empty text ask for all.
    private static func isCompleted(_ status: String?) throws -> Bool {
        switch status {
        case nil, "", "completed": return true
        case "in_progress", "failed", "cancelled": return false
        default:
            throw APIError.openAI(
                .badRequest, "filter must be in_progress, completed, failed or cancelled.", parameter: "filter")
        }
    }

    /// What turns a workspace into its vector store.
    private func objects(for caller: Caller) async throws -> (Workspace) -> VectorStoreObject {
        let documents = try await statistics.documentCounts(for: caller)
        let vectors = try await statistics.vectorCounts(for: caller)
        let provider = settings.snapshot.vectorDatabase
        let size = 4 * (embedding.model.dimensions ?? 0)
        return { workspace in
            VectorStoreObject(
                workspace: workspace, documentCount: documents[workspace.id] ?? 0,
                bytes: size * (vectors[workspace.id] ?? 0), provider: provider)
        }
    }

    /// The best of what all texts find; a chunk that several find counts with its best score.
    private func found(
        _ payload: VectorStoreSearchPayload, in workspace: Workspace, for caller: Caller
    ) async throws -> SearchPage {
        guard let first = payload.queries.first, payload.queries.count > 1 else {
            return try await retriever.page(payload.queries[0], in: workspace.id, for: caller)
        }
        var best: [Chunk.ID: SearchHit] = [:]
        for var query in payload.queries {
            // The whole list so far, since each page holds the best of several lists.
            query.limit = first.offset + first.limit + 1
            query.offset = 0
            for hit in try await retriever.page(query, in: workspace.id, for: caller).hits
            where hit.score > best[hit.chunk.id]?.score ?? -1 {
                best[hit.chunk.id] = hit
            }
        }
        let ranked = best.values.sorted { left, right in
            left.score == right.score ? left.chunk.id < right.chunk.id : left.score > right.score
        }.dropFirst(first.offset)
        return SearchPage(hits: Array(ranked.prefix(first.limit)), hasMore: ranked.count > first.limit)
    }
}
