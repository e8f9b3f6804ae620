import Domain
import Engine
import Hummingbird
import OrderedJSON
import Persistence

struct DocumentRoutes: Sendable {
    let ingestion: IngestionService
    let links: LinkService
    let reader: any DocumentReader
    let uploadLimits: UploadLimits

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1")
            .post("document/upload", .requires(.addDocuments), use: upload)
            .post("document/upload/{foldername}", .requires(.addDocuments), use: uploadToFolder)
            .post("document/raw-text", .requires(.addDocuments), use: addRawText)
            .post("document/upload-link", .requires(.addDocuments), use: addLink)
            .post("document/upload-links", .requires(.addDocuments), use: addLinks)
            .get("document/accepted-file-types", .everyKnownCaller, use: acceptedFileTypes)
    }

    // MARK: Uploads

    @Sendable private func upload(_ request: Request, _ context: APIContext) async throws -> Response {
        try await receive(request, into: DocumentLibrary.defaultFolder, context)
    }

    @Sendable private func uploadToFolder(_ request: Request, _ context: APIContext) async throws
        -> Response
    {
        guard let folder = try? FolderName(new: try context.parameter("foldername")) else {
            throw APIError(.internalServerError, body: Self.failure("Invalid folder name."))
        }
        return try await receive(request, into: folder.text, context)
    }

    private func receive(
        _ request: Request, into folder: String, _ context: APIContext
    ) async throws -> Response {
        let (duplicates, isAwaited) = (try request.duplicatePolicy, try request.isAwaited)
        // Before gigabytes are received for nothing.
        try await ingestion.requireRoom()
        let form = try await readForm(request)
        let wishes: IngestionService.Wishes
        do {
            wishes = IngestionService.Wishes(
                folder: folder, metadata: DocumentMetadata(form.metadata),
                workspaces: try Self.workspaceSlugs(form.addToWorkspaces), isAwaited: isAwaited,
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
        let (duplicates, isAwaited) = (try request.duplicatePolicy, try request.isAwaited)
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
            metadata: DocumentMetadata(ofText: metadata), workspaces: slugs, isAwaited: isAwaited,
            duplicates: duplicates)
        return try await answer(to: ingestion.submit(text, wishes, by: context.caller), request)
    }

    /// What became of the job, or with `async` that it has begun.
    func answer(to job: Job, _ request: Request) async throws -> Response {
        guard try request.isAwaited else { return Self.accepted(job) }
        do {
            let (documents, outcome) = try await ingestion.result(of: job)
            return Self.success(documents, outcome)
        } catch let error as ServiceError where error.code != .unavailable {
            throw APIError(.internalServerError, body: Self.failure(error.message))
        }
    }

    static func accepted(_ job: Job) -> Response {
        Response(
            status: .accepted,
            json: ["success": true, "error": nil, "jobId": .string(job.id), "job": job.json(nil)])
    }

    // MARK: Reading

    @Sendable private func acceptedFileTypes(_ request: Request, _ context: APIContext) -> Response {
        let types = reader.acceptedTypes.map { type in
            (key: type.mediaType, value: JSON.array(type.fileExtensions.map(JSON.string)))
        }
        return Response(json: ["types": .object(JSONObject(members: types))])
    }

    // MARK: Shapes

    /// Reads `addToWorkspaces`, which is a text or not there.
    static func workspaceSlugs(_ value: JSON?) throws -> [String] {
        guard let value, value.isTruthy else { return [] }
        guard let text = value.stringValue else {
            throw unprocessable(
                "addToWorkspaces must be a string of comma-separated workspace slugs. Got \(value.typeName)")
        }
        return text.split(separator: ",").map { $0.trimmed.lowercased() }.filter { !$0.isEmpty }
    }

    private static func success(_ made: [IngestionService.Made], _ outcome: IngestionOutcome) -> Response {
        let documents = made.map(\.document)
        var body: JSONObject = [
            "success": true, "error": nil, "documents": .array(made.map { $0.document.uploaded(text: $0.text) }),
        ]
        if !outcome.placements.isEmpty { body["embedding"] = .array(outcome.placements.map(\.json)) }
        body["duplicates"] = outcome.duplicates.map { .string($0.word) }
        if !outcome.failures.isEmpty {
            body["failed"] = .array(
                documents.compactMap { document in
                    outcome.failures[document.id].map { ["path": .string(document.path.text), "error": .string($0)] }
                })
        }
        if !outcome.warnings.isEmpty { body["warnings"] = .array(outcome.warnings.map(JSON.string)) }
        return Response(json: .object(body))
    }

    static func failure(_ message: String) -> JSONObject {
        ["success": false, "error": .string(message), "documents": []]
    }

    static func unprocessable(_ message: String) -> APIError {
        APIError(.unprocessableContent, body: ["success": false, "error": .string(message)])
    }
}
