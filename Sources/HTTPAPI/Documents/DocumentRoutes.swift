import Domain
import Engine
import Hummingbird
import Persistence

/// | method | path | who |
/// |---|---|---|
/// | POST | /v1/document/upload | API key |
/// | POST | /v1/document/upload/{folderName} | API key |
/// | POST | /v1/document/raw-text | API key |
/// | GET | /v1/document/accepted-file-types | API key |
/// | GET | /v1/document/{docName} | API key |
/// | GET | /v1/documents | API key |
struct DocumentRoutes: Sendable {
    let documents: DocumentStore
    let library: DocumentLibrary
    let distributor: WorkspaceDistributor
    let jobs: JobQueue
    let events: EventStore
    let embedding: EmbeddingService
    let reader: any DocumentReader
    let spool: SpoolDirectory
    let uploadLimits: UploadLimits

    var endpoints: RouteCollection<AuthenticatedContext> {
        RouteCollection(context: AuthenticatedContext.self)
            .post("document/upload", use: upload)
            .post("document/upload/{foldername}", use: uploadToFolder)
            .post("document/raw-text", use: addRawText)
            .get("document/accepted-file-types", use: acceptedFileTypes)
            .get("document/{docname}", use: find)
            .get("documents", use: list)
    }

    // MARK: Uploads

    @Sendable private func upload(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        try await receive(request, into: DocumentLibrary.defaultFolder)
    }

    @Sendable private func uploadToFolder(_ request: Request, _ context: AuthenticatedContext) async throws
        -> Response
    {
        let folder = try context.parameter("foldername")
        guard DocumentPath.isSegment(folder), !folder.hasPrefix("."), !folder.lowercased().hasSuffix(".md") else {
            throw APIError(.internalServerError, body: Self.failure("Invalid folder name."))
        }
        return try await receive(request, into: folder)
    }

    private func receive(_ request: Request, into folder: String) async throws -> Response {
        // Before gigabytes are received for nothing.
        try await jobs.requireRoom()
        let form = try await readForm(request)
        let slugs: [String]
        do {
            slugs = try Self.workspaceSlugs(form.addToWorkspaces)
        } catch {
            await form.removeFile()
            throw error
        }
        let isAwaited = request.uri.queryParameters.get("async") != "true"
        let job = Job(
            .ingestion(
                Ingestion(
                    origin: .file(named: form.clientFileName), spoolFile: form.spoolFile, sha256: form.sha256,
                    folder: folder, metadata: DocumentMetadata(form.metadata), workspaces: slugs)),
            lane: isAwaited ? .interactive : .background)
        do {
            try await jobs.submit(job)
        } catch {
            await form.removeFile()
            throw error
        }
        if !isAwaited {
            return Response(status: .accepted, json: ["success": true, "error": nil, "jobId": .string(job.id)])
        }
        return try await answer(to: job, folder: folder)
    }

    private func readForm(_ request: Request) async throws -> UploadForm {
        do {
            return try await UploadForm.read(
                body: request.body, contentType: request.headers[.contentType], spool: spool, limits: uploadLimits)
        } catch let error as MultipartError {
            throw APIError(.badRequest, body: ["success": false, "error": .string("Invalid file upload. \(error)")])
        } catch let error as ServiceError {
            throw APIError(error.status, body: ["success": false, "error": .string(error.message)])
        }
    }

    private func answer(to job: Job, folder: String) async throws -> Response {
        let outcome: IngestionOutcome
        do {
            outcome = try await jobs.ingestionOutcome(of: job.id)
        } catch let error as ServiceError where error.code != .unavailable {
            throw APIError(.internalServerError, body: Self.failure(error.message))
        }
        var answers: [JSON] = []
        var names: [String] = []
        for id in outcome.documents {
            guard let document = try await documents.find(id: id) else { continue }
            answers.append(try await uploaded(document))
            names.append(document.title)
        }
        try await events.log(
            "api_document_uploaded",
            ["documentName": .string(names.joined(separator: ", ")), "folder": .string(folder)])
        return Self.success(answers, placements: outcome.placements)
    }

    @Sendable private func addRawText(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
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
        let document = try await library.addRawText(text, metadata: .object(metadata))
        let placements = try await distributor.distribute([document], to: slugs)
        try await events.log("api_raw_document_uploaded")
        return Self.success([try await uploaded(document)], placements: placements)
    }

    private func uploaded(_ document: Document) async throws -> JSON {
        let content = try await documents.content(id: document.contentID)
        return document.uploaded(text: content?.parsed.text ?? "")
    }

    // MARK: Reading

    @Sendable private func acceptedFileTypes(_ request: Request, _ context: AuthenticatedContext) -> Response {
        let types = reader.acceptedTypes.map { type in
            (key: type.mediaType, value: JSON.array(type.fileExtensions.map(JSON.string)))
        }
        return Response(json: ["types": .object(JSONObject(members: types))])
    }

    @Sendable private func find(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let name = try context.parameter("docname")
        let found: Document? =
            if let path = DocumentPath(name) {
                try await documents.find(path)
            } else {
                try await documents.find(name: name)
            }
        guard let document = found else { throw APIError(.notFound, message: "Document not found.") }
        var object: JSONObject = ["name": .string(document.path.name), "type": "file"]
        object = object.merging(document.listing)
        object["cached"] = .bool(
            try await documents.isEmbedded(document.contentID, embedder: embedding.model.fingerprint))
        return Response(json: ["document": .object(object)])
    }

    @Sendable private func list(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        if let folder = request.uri.queryParameters.get("folder") { return try await page(of: folder, request) }
        let listed = try await documents.list(embedder: embedding.model.fingerprint)
        let pins = try await documents.pinningWorkspaces()
        let byFolder = Dictionary(grouping: listed, by: \.document.path.folder)
        let folders = try await documents.folders().sorted { left, right in
            let isDefault = (left == DocumentLibrary.defaultFolder, right == DocumentLibrary.defaultFolder)
            return isDefault.0 != isDefault.1 ? isDefault.0 : left < right
        }
        let items = folders.map { folder -> JSON in
            let files = (byFolder[folder] ?? []).map { $0.json(pinnedIn: pins[$0.document.id] ?? []) }
            return ["name": .string(folder), "type": "folder", "items": .array(files)]
        }
        return Response(json: ["localFiles": ["name": "documents", "type": "folder", "items": .array(items)]])
    }

    private static let defaultPage = 100
    private static let maximumPage = 1000

    /// Part of one folder: `offset` and `limit`, which may be `all`.
    private func page(of folder: String, _ request: Request) async throws -> Response {
        guard try await documents.folders().contains(folder) else {
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
        let pins = try await documents.pinningWorkspaces()
        let files = try await documents.list(
            embedder: embedding.model.fingerprint, folder: folder, offset: offset, limit: limit
        ).map { $0.json(pinnedIn: pins[$0.document.id] ?? []) }
        let total = try await documents.count(folder: folder)
        return Response(
            json: [
                "folder": .string(folder), "documents": .array(files), "totalCount": JSON(total),
                "hasMore": .bool(limit != nil && offset + files.count < total), "code": 200, "error": nil,
            ])
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

    private static func success(_ documents: [JSON], placements: [IngestionOutcome.Placement]) -> Response {
        var body: JSONObject = ["success": true, "error": nil, "documents": .array(documents)]
        if !placements.isEmpty { body["embedding"] = .array(placements.map(\.json)) }
        return Response(json: .object(body))
    }

    private static func failure(_ message: String) -> JSONObject {
        ["success": false, "error": .string(message), "documents": []]
    }

    private static func unprocessable(_ message: String) -> APIError {
        APIError(.unprocessableContent, body: ["success": false, "error": .string(message)])
    }
}
