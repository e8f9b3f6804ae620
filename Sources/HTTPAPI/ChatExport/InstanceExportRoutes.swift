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
        RouteTable([
            RouteTable(under: "/api/v1")
                .get("system/export-chats", .requires(.readAllConversations), use: export)
                .post("admin/workspace-chats", .requires(.readAllConversations), use: page),
            RouteTable(under: "/api/system")
                .get("export-chats", .requires(.readAllConversations), use: export)
                .post("workspace-chats", .requires(.readAllConversations), use: page)
                .delete("workspace-chats/{id}", .requires(.deleteConversations), use: delete),
        ])
    }

    private static let pageSize = 20

    @Sendable private func export(_ request: Request, _ context: APIContext) async throws -> Response {
        let parameters = QueryParameters(request)
        let chatType = parameters["chatType"] ?? ExportedChat.Kind.workspace.rawValue
        guard let kind = ExportedChat.Kind(rawValue: chatType) else {
            throw APIError(
                .badRequest, message: "Invalid chat type: \(chatType). Must be one of workspace, embed")
        }
        let values = request.uri.queryParameters[values: "type"].map(String.init)
        let type = values.isEmpty ? InstanceExport.Form.jsonl.rawValue : values.joined(separator: ",")
        guard let form = InstanceExport.Form(rawValue: type) else {
            throw APIError(
                .badRequest,
                message: "Invalid export type: \(type). Must be one of json, csv, jsonl, jsonAlpaca")
        }
        try conversations.requireVisible()
        let export = InstanceExport(
            conversations: conversations, kind: kind, names: try await conversations.names(),
            filter: try await filter(parameters), form: form, systemPrompt: settings.snapshot.systemPrompt)
        try await conversations.logExport(of: kind, type: form.rawValue, by: context.caller)
        let name = "\(kind == .embed ? "embed-chats" : "chats").\(form.fileExtension)"
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

    /// A page as existing clients ask for it.
    @Sendable private func page(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let page = try PageRequest(try await RequestPayload(&request), size: Self.pageSize)
        try conversations.requireVisible()
        let (chats, total) = try await conversations.page(offset: page.start, limit: page.limit)
        let names = try await conversations.names()
        return Response(json: page.answer(chats.map { $0.row(names) }, of: total))
    }

    /// Deletes a chat, or all of them where the id is -1.
    @Sendable private func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        if try context.parameter("id") == "-1" {
            try await conversations.deleteAllChats(by: context.caller)
        } else {
            guard let id = try context.id("id") else { throw APIError(.badRequest, message: "Invalid chat id") }
            guard try await conversations.deleteChat(id, by: context.caller) else {
                throw APIError(.notFound, message: "Chat not found")
            }
        }
        return Response(json: ["success": true, "error": .null])
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
