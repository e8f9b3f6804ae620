import Domain
import Engine
import HTTPTypes
import Hummingbird
import NIOCore
import OrderedJSON

/// Documents as OpenAI's files. What is uploaded here is a document like every other, and every document is a file.
///
/// | operation | |
/// |---|---|
/// | `POST files` | takes a file in; answers when it has been read |
/// | `GET files` | all files, a page at a time |
/// | `GET files/{id}` | one |
/// | `GET files/{id}/content` | the text that was read in it: the bytes are not kept |
/// | `DELETE files/{id}` | removes it, also from all vector stores |
struct FileRoutes: Sendable {
    let files: FileLibrary
    let ingestion: IngestionService
    let uploadLimits: UploadLimits

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1/openai")
            .post("files", .requires(.addDocuments), use: create)
            .get("files", .requires(.readDocuments), use: list)
            .get("files/{id}", .requires(.readDocuments), use: find)
            .get("files/{id}/content", .requires(.readDocuments), use: content)
            .delete("files/{id}", .requires(.addDocuments), use: delete)
    }

    /// Those that a document can serve. What else OpenAI knows is the input of services that are not here.
    private static let purposes = ["assistants", "user_data"]

    // MARK: Uploads

    @Sendable private func create(_ request: Request, _ context: APIContext) async throws -> Response {
        // Before gigabytes are received for nothing.
        try await ingestion.requireRoom()
        let form = try await readForm(request)
        let purpose: String
        do {
            purpose = try Self.purpose(OpenAIFields(form.fields.object))
        } catch {
            await ingestion.spool.remove(form.file.name)
            throw error
        }
        let wishes = IngestionService.Wishes(
            metadata: DocumentMetadata(form.metadata), workspaces: [], isAwaited: true)
        let job = try await ingestion.submit(
            form.file, from: .file(named: form.clientFileName), wishes, by: context.caller)
        let file = try await files.record(
            try await ingestion.outcome(of: job), named: form.clientFileName, purpose: purpose,
            byteCount: form.file.byteCount, for: context.caller)
        return Response(json: file.json)
    }

    private func readForm(_ request: Request) async throws -> UploadForm {
        ClientConnection.current?.inviteBody()
        do {
            return try await UploadForm.read(
                body: request.body, contentType: request.headers[.contentType], spool: ingestion.spool,
                limits: uploadLimits)
        } catch let error as MultipartError {
            throw APIError.openAI(.badRequest, "The upload cannot be read. \(error)", parameter: "file")
        }
    }

    private static func purpose(_ fields: OpenAIFields) throws -> String {
        guard let purpose = try fields.text("purpose"), purposes.contains(purpose) else {
            throw fields.invalid("purpose", "must be \(purposes.joined(separator: " or "))")
        }
        guard fields["expires_after"] == nil else {
            throw fields.invalid("expires_after", "is not supported: files stay until they are deleted")
        }
        return purpose
    }

    // MARK: Reading

    private static let defaultLimit = 1000
    private static let maximumLimit = 10_000

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = request.uri.queryParameters
        let limit = try CursorPage<LibraryFile>.limit(query.get("limit"), maximum: Self.maximumLimit)
        let isDescending = try CursorPage<LibraryFile>.isDescending(query.get("order")) ?? true
        var after: String?
        if let id = query.get("after"), !id.isEmpty {
            after = try await files.find(id, for: context.caller, parameter: "after", status: .badRequest).id
        }
        // One more shows whether there are more.
        let count = limit ?? Self.defaultLimit
        let found = try await files.list(
            purpose: query.get("purpose").flatMap { $0.isEmpty ? nil : $0 }, after: after, isDescending: isDescending,
            limit: count + 1, for: context.caller)
        let page = CursorPage(items: Array(found.prefix(count)), hasMore: found.count > count)
        return Response(json: page.json(id: { FileID(document: $0.id).text }) { $0.json })
    }

    @Sendable private func find(_ request: Request, _ context: APIContext) async throws -> Response {
        Response(json: try await file(context).json)
    }

    @Sendable private func content(_ request: Request, _ context: APIContext) async throws -> Response {
        let texts = try await files.texts(of: try await file(context))
        return Response(
            status: .ok,
            headers: [.contentType: "text/plain; charset=utf-8", .xContentTypeOptions: "nosniff"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: texts.joined(separator: "\n\n"))))
    }

    @Sendable private func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        let file = try await file(context)
        try await files.remove(file, by: context.caller)
        return Response(json: ["id": .string(FileID(document: file.id).text), "object": "file", "deleted": true])
    }

    private func file(_ context: APIContext) async throws -> LibraryFile {
        try await files.find(try context.parameter("id"), for: context.caller, parameter: "id")
    }
}

extension FileLibrary {
    /// The file of this id as clients write it.
    ///
    /// - Parameter parameter: where they have written it.
    /// - Throws: `status` where there is none for the caller.
    func find(
        _ id: String, for caller: Caller, parameter: String, status: HTTPResponse.Status = .notFound
    ) async throws -> LibraryFile {
        guard let document = FileID(id)?.document, let file = try await find(id: document, for: caller) else {
            throw APIError.openAI(status, "No file found with id '\(id)'.", parameter: parameter)
        }
        return file
    }
}

extension LibraryFile {
    var json: JSON {
        [
            "id": .string(FileID(document: id).text), "object": "file", "bytes": JSON(byteCount),
            "created_at": .integer(createdAt.seconds), "expires_at": nil, "filename": .string(name),
            "purpose": .string(purpose), "status": "processed", "status_details": nil,
        ]
    }
}
