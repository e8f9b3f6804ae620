import Concurrency
import Domain
import Engine
import Hummingbird
import OrderedJSON
import Persistence

struct DocumentRoutes: Sendable {
    let directory: DocumentDirectory
    let ingestion: IngestionService
    let reader: any DocumentReader
    let uploadLimits: UploadLimits
    /// While it is made, a listing of all documents takes several times its size.
    private let listings = Semaphore(value: 2)

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1")
            .post("document/upload", .requires(.addDocuments), use: upload)
            .post("document/upload/{foldername}", .requires(.addDocuments), use: uploadToFolder)
            .post("document/raw-text", .requires(.addDocuments), use: addRawText)
            .get("document/accepted-file-types", .everyKnownCaller, use: acceptedFileTypes)
            .get("document/{docname}", .requires(.readDocuments), use: find)
            .get("documents", .requires(.readDocuments), use: list)
    }

    // MARK: Uploads

    @Sendable private func upload(_ request: Request, _ context: APIContext) async throws -> Response {
        try await receive(request, into: DocumentLibrary.defaultFolder, context)
    }

    @Sendable private func uploadToFolder(_ request: Request, _ context: APIContext) async throws
        -> Response
    {
        let folder = try context.parameter("foldername").composed
        guard DocumentPath.isSegment(folder), !folder.hasPrefix("."), !folder.lowercased().hasSuffix(".md") else {
            throw APIError(.internalServerError, body: Self.failure("Invalid folder name."))
        }
        return try await receive(request, into: folder, context)
    }

    private func receive(
        _ request: Request, into folder: String, _ context: APIContext
    ) async throws -> Response {
        let duplicates = try request.duplicatePolicy
        // Before gigabytes are received for nothing.
        try await ingestion.requireRoom()
        let form = try await readForm(request)
        let wishes: IngestionService.Wishes
        do {
            wishes = IngestionService.Wishes(
                folder: folder, metadata: DocumentMetadata(form.metadata),
                workspaces: try Self.workspaceSlugs(form.addToWorkspaces), isAwaited: request.isAwaited,
                duplicates: duplicates)
        } catch {
            await ingestion.spool.remove(form.file.name)
            throw error
        }
        let job = try await ingestion.submit(
            form.file, from: .file(named: form.clientFileName), wishes, by: context.caller)
        return try await answer(to: job, request)
    }

    private func readForm(_ request: Request) async throws -> UploadForm {
        ClientConnection.current?.inviteBody()
        do {
            return try await UploadForm.read(
                body: request.body, contentType: request.headers[.contentType], spool: ingestion.spool,
                limits: uploadLimits)
        } catch let error as MultipartError {
            throw APIError(.badRequest, body: ["success": false, "error": .string("Invalid file upload. \(error)")])
        } catch let error as ServiceError {
            throw APIError(error.status, body: ["success": false, "error": .string(error.message)])
        }
    }

    @Sendable private func addRawText(_ request: Request, _ context: APIContext) async throws -> Response {
        let duplicates = try request.duplicatePolicy
        try await ingestion.requireRoom()
        var request = request
        let payload = try await RequestPayload(&request, limit: RequestPayload.largeBody, replacesNUL: true)
        let slugs = try Self.workspaceSlugs(payload["addToWorkspaces"])
        let metadata = DocumentMetadata.object(in: payload["metadata"])
        guard case .string(let title)? = metadata["title"], !title.trimmed.isEmpty else {
            throw Self.unprocessable(
                "You are missing required metadata key:value pairs in your request. "
                    + "Required metadata key:values are 'title'")
        }
        guard case .string(let text)? = payload["textContent"], !text.isEmpty else {
            throw Self.unprocessable("The 'textContent' key cannot have an empty value.")
        }
        let wishes = IngestionService.Wishes(
            metadata: DocumentMetadata(ofText: metadata), workspaces: slugs, isAwaited: request.isAwaited,
            duplicates: duplicates)
        return try await answer(to: ingestion.submit(text, wishes, by: context.caller), request)
    }

    /// What became of the job, or with `async` that it has begun.
    private func answer(to job: Job, _ request: Request) async throws -> Response {
        if !request.isAwaited {
            return Response(
                status: .accepted,
                json: ["success": true, "error": nil, "jobId": .string(job.id), "job": job.json(nil)])
        }
        do {
            let (documents, outcome) = try await ingestion.result(of: job)
            return Self.success(documents.map { $0.document.uploaded(text: $0.text) }, outcome)
        } catch let error as ServiceError where error.code != .unavailable {
            throw APIError(.internalServerError, body: Self.failure(error.message))
        }
    }

    // MARK: Reading

    @Sendable private func acceptedFileTypes(_ request: Request, _ context: APIContext) -> Response {
        let types = reader.acceptedTypes.map { type in
            (key: type.mediaType, value: JSON.array(type.fileExtensions.map(JSON.string)))
        }
        return Response(json: ["types": .object(JSONObject(members: types))])
    }

    @Sendable private func find(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let found = try await directory.find(try context.parameter("docname"), for: context.caller) else {
            throw APIError(.notFound, message: "Document not found.")
        }
        var object: JSONObject = ["name": .string(found.document.path.name), "type": "file"]
        object = object.merging(found.document.listing)
        object["cached"] = .bool(found.isEmbedded)
        return Response(json: ["document": .object(object)])
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        if let folder = request.uri.queryParameters.get("folder") {
            return try await page(of: folder.composed, request, context)
        }
        return try await listings.withPermit { try await wholeListing(for: context.caller) }
    }

    private func wholeListing(for caller: Caller) async throws -> Response {
        let listed = try await directory.list(for: caller)
        let pins = try await directory.pinningWorkspaces(for: caller)
        let folders = try await directory.folders(for: caller)
        return try await ComputePool.shared.run {
            let byFolder = Dictionary(grouping: listed, by: \.document.path.folder)
            let items = folders.map { folder -> JSON in
                let files = (byFolder[folder] ?? []).map { $0.json(pinnedIn: pins[$0.document.id] ?? []) }
                return ["name": .string(folder), "type": "folder", "items": .array(files)]
            }
            return Response(json: ["localFiles": ["name": "documents", "type": "folder", "items": .array(items)]])
        }
    }

    private static let defaultPage = 100
    private static let maximumPage = 1000

    /// Part of one folder: `offset` and `limit`, which may be `all`.
    private func page(
        of folder: String, _ request: Request, _ context: APIContext
    ) async throws -> Response {
        guard try await directory.folders(for: context.caller).contains(folder) else {
            let body: JSON = [
                "folder": .string(folder), "documents": [], "totalCount": 0, "hasMore": false, "code": 404,
                "error": .string("Folder \"\(folder)\" does not exist."),
            ]
            return Response(status: .notFound, json: body)
        }
        let query = request.uri.queryParameters
        let offset = max(0, query.get("offset").flatMap(Int.init) ?? 0)
        let wanted = query.get("limit")
        let limit =
            wanted?.lowercased() == "all"
            ? nil : min(Self.maximumPage, wanted.flatMap(Int.init).flatMap { $0 > 0 ? $0 : nil } ?? Self.defaultPage)
        let pins = try await directory.pinningWorkspaces(for: context.caller)
        let listed = try await directory.list(folder: folder, offset: offset, limit: limit, for: context.caller)
        let total = try await directory.count(folder: folder, for: context.caller)
        return try await ComputePool.shared.run {
            let files = listed.map { $0.json(pinnedIn: pins[$0.document.id] ?? []) }
            return Response(
                json: [
                    "folder": .string(folder), "documents": .array(files), "totalCount": JSON(total),
                    "hasMore": .bool(limit != nil && offset + files.count < total), "code": 200, "error": nil,
                ])
        }
    }

    // MARK: Shapes

    /// Reads `addToWorkspaces`, which is a text or not there.
    private static func workspaceSlugs(_ value: JSON?) throws -> [String] {
        guard let value, value.isTruthy else { return [] }
        guard let text = value.stringValue else {
            throw unprocessable(
                "addToWorkspaces must be a string of comma-separated workspace slugs. Got \(value.typeName)")
        }
        return text.split(separator: ",").map { $0.trimmed.lowercased() }.filter { !$0.isEmpty }
    }

    private static func success(_ documents: [JSON], _ outcome: IngestionOutcome) -> Response {
        var body: JSONObject = ["success": true, "error": nil, "documents": .array(documents)]
        if !outcome.placements.isEmpty { body["embedding"] = .array(outcome.placements.map(\.json)) }
        body["duplicates"] = outcome.duplicates.map { .string($0 == .skip ? "skipped" : "replaced") }
        if !outcome.warnings.isEmpty { body["warnings"] = .array(outcome.warnings.map(JSON.string)) }
        return Response(json: .object(body))
    }

    private static func failure(_ message: String) -> JSONObject {
        ["success": false, "error": .string(message), "documents": []]
    }

    private static func unprocessable(_ message: String) -> APIError {
        APIError(.unprocessableContent, body: ["success": false, "error": .string(message)])
    }
}
