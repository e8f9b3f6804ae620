import Domain
import Engine
import HTTPTypes
import Hummingbird
import OrderedJSON

/// The files of vector stores: documents in workspaces, put in and taken out.
///
/// | operation | |
/// |---|---|
/// | `POST vector_stores/{id}/files` | begins to put a file in; `status` tells when that is done |
/// | `GET vector_stores/{id}/files` | those in it, and those on their way |
/// | `GET vector_stores/{id}/files/{fileId}` | one |
/// | `GET vector_stores/{id}/files/{fileId}/content` | its text |
/// | `DELETE vector_stores/{id}/files/{fileId}` | takes it out |
/// | `POST vector_stores/{id}/file_batches` | the same for many |
/// | `GET vector_stores/{id}/file_batches/{batchId}` | how far that is |
/// | `GET vector_stores/{id}/file_batches/{batchId}/files` | file by file |
/// | `POST vector_stores/{id}/file_batches/{batchId}/cancel` | puts no more of them in |
struct VectorStoreFileRoutes: Sendable {
    let finder: VectorStoreFinder

    private var files: WorkspaceFiles { finder.files }

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1/openai/vector_stores/{id}")
            .post("files", .requires(.changeWorkspaces), use: add)
            .get("files", .requires(.readWorkspaces), use: list)
            .get("files/{fileId}", .requires(.readWorkspaces), use: find)
            .get("files/{fileId}/content", .requires(.readDocuments), use: content)
            .delete("files/{fileId}", .requires(.changeWorkspaces), use: remove)
            .post("file_batches", .requires(.changeWorkspaces), use: addBatch)
            .get("file_batches/{batchId}", .requires(.readWorkspaces), use: findBatch)
            .get("file_batches/{batchId}/files", .requires(.readWorkspaces), use: listBatch)
            .post("file_batches/{batchId}/cancel", .requires(.changeWorkspaces), use: cancelBatch)
    }

    // MARK: Files

    @Sendable private func add(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let workspace = try await finder.store(context)
        let fields = try await OpenAIFields(&request, limit: RequestPayload.smallBody)
        try fields.checkFileOptions()
        let added = try await finder.library(
            [try fields.requiredText("file_id")], named: "file_id", for: context.caller)
        try await files.add(added, to: workspace, by: context.caller)
        let file = try await finder.file(FileID(document: added[0].id).text, in: workspace, for: context.caller)
        return Response(json: try await finder.json(of: file, in: workspace))
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let workspace = try await finder.store(context)
        let files = try await finder.files(in: workspace, for: context.caller)
        return try await page(of: files, in: workspace, request)
    }

    @Sendable private func find(_ request: Request, _ context: APIContext) async throws -> Response {
        let (workspace, file) = try await file(context)
        return Response(json: try await finder.json(of: file, in: workspace))
    }

    @Sendable private func content(_ request: Request, _ context: APIContext) async throws -> Response {
        let (_, file) = try await file(context)
        let found = try await finder.library([file.id], named: "file_id", for: context.caller)
        let texts = try await finder.library.texts(of: found[0])
        return Response(
            json: [
                "object": "vector_store.file_content.page", "file_id": .string(file.id), "filename": .string(file.name),
                "attributes": .object(file.attributes),
                "data": .array(texts.map { ["type": "text", "text": .string($0)] }), "has_more": false,
                "next_page": nil,
            ])
    }

    @Sendable private func remove(_ request: Request, _ context: APIContext) async throws -> Response {
        let (workspace, file) = try await file(context)
        try await files.remove(file.fileID, from: workspace, by: context.caller)
        return Response(json: ["id": .string(file.id), "object": "vector_store.file.deleted", "deleted": true])
    }

    private func file(_ context: APIContext) async throws -> (Workspace, VectorStoreFile) {
        let workspace = try await finder.store(context)
        let id = try context.parameter("fileid")
        return (workspace, try await finder.file(id, in: workspace, for: context.caller))
    }

    private func page(
        of files: [VectorStoreFile], in workspace: Workspace, _ request: Request
    ) async throws -> Response {
        let query = request.uri.queryParameters
        let state = try Self.state(query.get("filter"))
        let wanted = files.filter { state == nil || $0.state == state }
        let page = try CursorPage(of: wanted, query, id: \.id)
        return Response(json: try await finder.json(of: page, in: workspace))
    }

    /// `nil` and an empty text ask for all.
    private static func state(_ text: String?) throws -> WorkspaceFile.State? {
        guard let text, !text.isEmpty else { return nil }
        guard let state = WorkspaceFile.State(rawValue: text) else {
            throw APIError.openAI(
                .badRequest, "filter must be in_progress, completed, failed or cancelled.", parameter: "filter")
        }
        return state
    }

    // MARK: Batches

    @Sendable private func addBatch(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let workspace = try await finder.store(context)
        let fields = try await OpenAIFields(&request, limit: RequestPayload.smallBody)
        try fields.checkFileOptions()
        let ids = try Self.ids(fields)
        let added = try await finder.library(
            ids, named: fields["files"] == nil ? "file_ids" : "files", for: context.caller)
        let id = "vsfb_" + UUIDText.random().filter { $0 != "-" }
        guard let batch = try await files.add(added, to: workspace, batch: id, by: context.caller) else {
            throw APIError.openAI(.internalServerError, "The batch could not be made.", type: "server_error")
        }
        return try await answer(batch, in: workspace, context)
    }

    private static func ids(_ fields: OpenAIFields) throws -> [String] {
        if let ids = try fields.fileIDs("file_ids"), !ids.isEmpty { return ids }
        let files = try (fields.array("files") ?? []).enumerated().map { index, item in
            try OpenAIFields(item, named: "files[\(index)]")
        }
        guard !files.isEmpty, files.count <= WorkspaceFiles.maximumBatch else {
            throw fields.invalid("file_ids", "must be an array of 1 to \(WorkspaceFiles.maximumBatch) texts")
        }
        return try files.map { file in
            try file.checkFileOptions()
            return try file.requiredText("file_id")
        }
    }

    @Sendable private func findBatch(_ request: Request, _ context: APIContext) async throws -> Response {
        let (workspace, batch) = try await batch(context)
        return try await answer(batch, in: workspace, context)
    }

    @Sendable private func listBatch(_ request: Request, _ context: APIContext) async throws -> Response {
        let (workspace, batch) = try await batch(context)
        let members = Set(batch.fileIDs)
        let files = try await finder.files(in: workspace, for: context.caller).filter { members.contains($0.fileID) }
        return try await page(of: files, in: workspace, request)
    }

    @Sendable private func cancelBatch(_ request: Request, _ context: APIContext) async throws -> Response {
        let (workspace, batch) = try await batch(context)
        try await files.cancel(batch, by: context.caller)
        return try await answer(batch, in: workspace, context)
    }

    private func batch(_ context: APIContext) async throws -> (Workspace, FileBatch) {
        let workspace = try await finder.store(context)
        let id = try context.parameter("batchid")
        guard let batch = try await files.batch(id: id, in: workspace) else {
            throw APIError.openAI(.notFound, "No file batch found with id '\(id)'.", parameter: "batch_id")
        }
        return (workspace, batch)
    }

    private func answer(_ batch: FileBatch, in workspace: Workspace, _ context: APIContext) async throws -> Response {
        let files = try await finder.files(in: workspace, for: context.caller)
        let states = Dictionary(files.map { ($0.fileID, $0.state) }) { first, _ in first }
        // Those that are not there any more were taken out since.
        let counts = FileCounts(batch.fileIDs.map { states[$0] ?? .cancelled })
        return Response(
            json: [
                "id": .string(batch.id), "object": "vector_store.files_batch",
                "created_at": .integer(batch.createdAt.seconds), "vector_store_id": .string(workspace.slug),
                "status": .string(counts.status.rawValue), "file_counts": counts.json,
            ])
    }
}
