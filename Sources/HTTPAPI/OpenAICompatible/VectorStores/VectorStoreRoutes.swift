import Domain
import Engine
import HTTPTypes
import Hummingbird
import OrderedJSON
import Persistence

/// Workspaces as OpenAI's vector stores.
///
/// | operation | |
/// |---|---|
/// | `GET vector_stores` | all workspaces |
/// | `POST vector_stores` | makes one, and begins to put files in |
/// | `GET vector_stores/{id}` | one |
/// | `POST vector_stores/{id}` | gives it another name or other metadata |
/// | `DELETE vector_stores/{id}` | deletes it with its chats; documents stay in the library |
/// | `POST vector_stores/{id}/search` | finds chunks |
struct VectorStoreRoutes: Sendable {
    let finder: VectorStoreFinder
    let registry: WorkspaceRegistry
    let statistics: InstanceStatistics
    let retriever: Retriever
    let settings: Settings

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1/openai")
            .get("vector_stores", .requires(.readWorkspaces), use: list)
            .post("vector_stores", .requires(.createWorkspaces), use: create)
            .get("vector_stores/{id}", .requires(.readWorkspaces), use: find)
            .post("vector_stores/{id}", .requires(.changeWorkspaces), use: update)
            .delete("vector_stores/{id}", .requires(.changeWorkspaces), use: delete)
            .post("vector_stores/{id}/search", .requires(.search), use: search)
    }

    private static let defaultName = "Vector store"

    // MARK: Reading

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let page = try CursorPage(
            of: try await finder.workspaces.all(for: context.caller), request.uri.queryParameters, id: \.slug)
        let object = try await objects(of: page.items, for: context.caller)
        return Response(json: page.json(id: \.slug) { object($0).json })
    }

    @Sendable private func find(_ request: Request, _ context: APIContext) async throws -> Response {
        try await answer(try await finder.store(context), for: context.caller)
    }

    // MARK: Writing

    @Sendable private func create(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let fields = try await OpenAIFields(&request, limit: RequestPayload.smallBody)
        try Self.check(fields)
        let metadata = try fields.metadata()
        let files = try await finder.library(
            try fields.fileIDs("file_ids") ?? [], named: "file_ids", for: context.caller)
        let name = try Self.name(fields) ?? Self.defaultName
        let workspace = try await registry.create(
            WorkspaceSettings(name: WorkspaceSettingsPayload.shortened(name)), fullName: name, by: context.caller)
        if let metadata { try await finder.files.setMetadata(metadata.text, of: workspace) }
        if !files.isEmpty { try await finder.files.add(files, to: workspace, by: context.caller) }
        return try await answer(workspace, for: context.caller)
    }

    @Sendable private func update(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let workspace = try await finder.store(context)
        let fields = try await OpenAIFields(&request, limit: RequestPayload.smallBody)
        try Self.check(fields)
        let metadata = try fields.metadata()
        var changed = workspace
        if let name = try Self.name(fields) {
            var settings = workspace.settings
            settings.name = WorkspaceSettingsPayload.shortened(name)
            guard let updated = try await registry.update(workspace, to: settings, by: context.caller) else {
                throw VectorStoreFinder.missing(workspace.slug)
            }
            changed = updated
        }
        if let metadata { try await finder.files.setMetadata(metadata.text, of: workspace) }
        return try await answer(changed, for: context.caller)
    }

    @Sendable private func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        let workspace = try await finder.store(context)
        guard !settings.snapshot.flag("WORKSPACE_DELETION_PROTECTION") else {
            throw APIError.openAI(
                .forbidden, "Workspace deletion is blocked by the system administrator.", type: "permission_error")
        }
        guard try await registry.delete(workspace, by: context.caller) else {
            throw VectorStoreFinder.missing(workspace.slug)
        }
        return Response(
            json: ["id": .string(workspace.slug), "object": "vector_store.deleted", "deleted": true])
    }

    /// What would make a store that this server does not have.
    private static func check(_ fields: OpenAIFields) throws {
        try fields.checkFileOptions()
        guard fields["expires_after"] == nil else {
            throw fields.invalid("expires_after", "is not supported: vector stores stay until they are deleted")
        }
        _ = try fields.text("description")
    }

    /// `nil` where there is none, or it is blank.
    private static func name(_ fields: OpenAIFields) throws -> String? {
        try fields.text("name").flatMap { $0.trimmed.isEmpty ? nil : $0.trimmed }
    }

    // MARK: Searching

    @Sendable private func search(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let workspace = try await finder.store(context)
        let body = try await RequestPayload.inOpenAIShape(&request, limit: RequestPayload.smallBody)
        let payload = try VectorStoreSearchPayload(body, for: workspace)
        let page = try await found(payload, in: workspace, for: context.caller)
        let nextPage = page.hasMore ? payload.nextPage : nil
        return Response(
            json: [
                "object": "vector_store.search_results.page",
                "search_query": .array(payload.queries.map { .string($0.text) }),
                "data": .array(page.hits.map(\.vectorStoreResult)), "has_more": .bool(nextPage != nil),
                "next_page": JSON(nextPage),
            ])
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

    // MARK: Shapes

    private func answer(_ workspace: Workspace, for caller: Caller) async throws -> Response {
        Response(json: try await objects(of: [workspace], for: caller)(workspace).json)
    }

    /// What turns one of the workspaces into its vector store.
    private func objects(
        of workspaces: [Workspace], for caller: Caller
    ) async throws -> (Workspace) -> VectorStoreObject {
        let documents = try await statistics.documentCounts(for: caller)
        let vectors = try await statistics.vectorCounts(for: caller)
        let parts = try await finder.library.furtherPartCounts(in: workspaces)
        let sent = try await finder.files.files(in: workspaces)
        let metadata = try await finder.files.metadata(of: workspaces)
        let provider = settings.snapshot.vectorDatabase
        let size = 4 * (finder.embedding.model.dimensions ?? 0)
        return { workspace in
            var counts = FileCounts((sent[workspace.id] ?? []).map(\.state).filter { $0 != .completed })
            counts[.completed] = (documents[workspace.id] ?? 0) - (parts[workspace.id] ?? 0)
            return VectorStoreObject(
                workspace: workspace, counts: counts, bytes: size * (vectors[workspace.id] ?? 0), provider: provider,
                metadata: metadata[workspace.id].flatMap { try? JSON(parsing: $0) } ?? [:])
        }
    }
}
