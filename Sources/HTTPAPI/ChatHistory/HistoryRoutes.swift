import Domain
import Engine
import Hummingbird
import OrderedJSON
import Persistence

struct HistoryRoutes: Sendable {
    let workspaces: WorkspaceDirectory
    let conversations: ConversationDirectory

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1/workspace")
            .get("{slug}/chats", .requires(.readConversations), use: list)
            .get("{slug}/thread/{threadSlug}/chats", .requires(.readConversations), use: listThread)
            .post("{slug}/chat-feedback/{chatId}", .requires(.converse), use: setFeedback)
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let parameters = QueryParameters(request)
        let session = parameters["apiSessionId"]
        let query = try HistoryQuery(
            parameters, defaultLimit: HistoryQuery.defaultLimit, showsExcluded: session != nil)
        let workspace = try await workspaces.valid(context)
        return try await history(
            query, of: conversations.selection(session: session, of: workspace, for: context.caller))
    }

    @Sendable private func listThread(_ request: Request, _ context: APIContext) async throws -> Response {
        let parameters = QueryParameters(request)
        let query = try HistoryQuery(parameters, defaultLimit: nil)
        let userID = try parameters.id("userId")
        let workspace = try await workspaces.required(context)
        let thread = try await conversations.requiredThread(context, in: workspace)
        return try await history(
            query, of: conversations.selection(thread: thread, userID: userID, for: context.caller))
    }

    private func history(_ query: HistoryQuery, of selection: ChatSelection) async throws -> Response {
        let page = try await query.page(of: selection, in: conversations)
        return StreamedBody.response(contentType: "application/json; charset=utf-8") { [conversations] body in
            try await body.write(#"{"history":["#)
            try await body.write(page.ids, of: conversations, separator: ",") { chat in
                chat.messages(includesAttachments: query.includesAttachments).map(\.text).joined(separator: ",")
            }
            try await body.write(#"],"hasMore":\#(page.cursor != nil),"nextCursor":\#(JSON(page.cursor).text)}"#)
        }
    }

    @Sendable private func setFeedback(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        guard let feedback = payload["feedback"], feedback.isNull || feedback.boolValue != nil else {
            throw APIError(.badRequest, message: "feedback must be true, false or null.")
        }
        let workspace = try await workspaces.required(context)
        guard let id = Int64(try context.parameter("chatid")),
            try await conversations.setFeedback(feedback.boolValue, on: id, in: workspace, by: context.caller)
        else { throw APIError(.notFound, message: "Chat not found") }
        return Response(json: ["success": true])
    }
}
