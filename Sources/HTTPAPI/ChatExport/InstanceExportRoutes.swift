import Domain
import Engine
import HTTPTypes
import Hummingbird
import OrderedJSON
import Persistence

/// The conversations of the whole instance, as a list and as a file.
struct InstanceExportRoutes: Sendable {
    let conversations: InstanceConversations
    let settings: Settings

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1")
            .get("system/export-chats", .requires(.readAllConversations), use: export)
            .post("admin/workspace-chats", .requires(.readAllConversations), use: page)
    }

    private static let pageSize = 20
    private static let maximumPage = 1000

    @Sendable private func export(_ request: Request, _ context: APIContext) async throws -> Response {
        let parameters = QueryParameters(request)
        let values = request.uri.queryParameters[values: "type"].map(String.init)
        let type = values.isEmpty ? InstanceExport.Form.jsonl.rawValue : values.joined(separator: ",")
        guard let form = InstanceExport.Form(rawValue: type) else {
            throw APIError(
                .badRequest,
                message: "Invalid export type: \(type). Must be one of json, csv, jsonl, jsonAlpaca")
        }
        try conversations.requireVisible()
        let export = InstanceExport(
            conversations: conversations, names: try await conversations.names(),
            filter: try await filter(parameters), form: form, systemPrompt: settings.snapshot.systemPrompt)
        try await conversations.logExport(type: form.rawValue, by: context.caller)
        let name = "chats.\(form.fileExtension)"
        return StreamedBody.response(
            contentType: form.contentType,
            headers: [.contentDisposition: ContentDisposition.attachment(named: name, plainName: name)]
        ) { body in try await export.write(to: &body) }
    }

    private func filter(_ parameters: QueryParameters) async throws -> InstanceChatFilter {
        var filter = InstanceChatFilter()
        filter.includesExcluded = parameters.flag("includeExcluded", else: false)
        filter.from = try parameters.time("from")
        filter.to = try parameters.time("to")
        guard let slug = parameters["workspace"] else { return filter }
        guard let workspace = try await conversations.workspace(slug: slug) else {
            throw APIError(.notFound, message: "Workspace \(slug) not found")
        }
        filter.workspace = workspace.id
        return filter
    }

    /// A page as existing clients ask for it: `offset` counts pages.
    @Sendable private func page(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        try conversations.requireVisible()
        let limit = try Self.number(payload, "limit", else: Self.pageSize, in: 1...Self.maximumPage)
        let page = try Self.number(payload, "offset", else: 0, in: 0...Int(Int32.max))
        let (chats, total) = try await conversations.page(offset: page * limit, limit: limit)
        let names = try await conversations.names()
        return Response(
            json: [
                "chats": .array(chats.map { $0.row(names) }), "hasPages": .bool(total > (page + 1) * limit),
            ])
    }

    private static func number(
        _ payload: RequestPayload, _ key: String, else standard: Int, in range: ClosedRange<Int>
    ) throws(APIError) -> Int {
        guard let value = payload[key], value != .null else { return standard }
        guard let number = (value.doubleValue ?? value.stringValue.flatMap(Double.init)).flatMap(Int.init(exactly:)),
            range.contains(number)
        else {
            throw APIError(
                .badRequest, message: "\(key) must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }
}

extension StoredChat {
    /// A row as other programs keep it.
    fileprivate func row(_ names: InstanceConversations.Names) -> JSON {
        let conversation = chat.conversation
        let workspace = names.workspaces[conversation.workspaceID]
        var response: JSONObject = [
            "text": .string(chat.answer), "sources": .array(chat.sources.map(\.json)), "type": .string(chat.mode),
            "attachments": .array(chat.attachments.map { $0.json(includesContent: true) }),
        ]
        response["metrics"] = .object(chat.metrics?.json ?? [:])
        return [
            "id": .integer(id), "workspaceId": .integer(conversation.workspaceID), "prompt": .string(chat.prompt),
            "response": .string(JSON.object(response).text), "include": .bool(chat.isIncluded),
            "user_id": JSON(conversation.userID), "thread_id": JSON(conversation.threadID),
            "api_session_id": JSON(conversation.sessionID), "createdAt": .string(createdAt.iso8601),
            "lastUpdatedAt": .string(createdAt.iso8601), "feedbackScore": JSON(feedbackScore),
            "memoryProcessed": .null,
            "workspace": [
                "name": .string(workspace?.name ?? "deleted workspace"), "slug": JSON(workspace?.slug),
            ],
            "user": ["username": .string(names.user(of: self))],
        ]
    }
}
