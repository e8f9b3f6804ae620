import Domain
import Hummingbird
import Persistence

/// | method | path | who |
/// |---|---|---|
/// | GET | /v1/workspace/{slug}/chats | API key |
/// | GET | /v1/workspace/{slug}/thread/{threadSlug}/chats | API key |
/// | POST | /v1/workspace/{slug}/chat-feedback/{chatId} | API key |
struct HistoryRoutes: Sendable {
    let workspaces: WorkspaceStore
    let threads: ThreadStore
    let chats: ChatStore

    var endpoints: RouteCollection<AuthenticatedContext> {
        RouteCollection(context: AuthenticatedContext.self)
            .get("{slug}/chats", use: list)
            .get("{slug}/thread/{threadslug}/chats", use: listThread)
            .post("{slug}/chat-feedback/{chatid}", use: setFeedback)
    }

    @Sendable private func list(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let parameters = QueryParameters(request)
        let session = parameters["apiSessionId"]
        let query = try HistoryQuery(
            parameters, defaultLimit: HistoryQuery.defaultLimit, showsExcluded: session != nil)
        guard let workspace = try await workspaces.find(slug: try context.parameter("slug")) else {
            return Response(text: "Bad Request", status: .badRequest)
        }
        return try await history(query, of: .conversation(session, of: workspace.id))
    }

    @Sendable private func listThread(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let parameters = QueryParameters(request)
        let query = try HistoryQuery(parameters, defaultLimit: nil)
        let userID = try parameters.id("userId")
        let workspace = try await workspaces.required(context)
        let thread = try await threads.required(context, in: workspace)
        return try await history(query, of: .thread(thread, userID: userID))
    }

    private func history(_ query: HistoryQuery, of selection: ChatSelection) async throws -> Response {
        let page = try await query.page(of: selection, in: chats)
        return StreamedBody.response(contentType: "application/json; charset=utf-8") { [chats] body in
            try await body.write(#"{"history":["#)
            var separator = ""
            try await body.write(page.ids, of: chats) { chat in
                defer { separator = "," }
                let messages = chat.messages(includesAttachments: query.includesAttachments)
                return separator + messages.map(\.text).joined(separator: ",")
            }
            try await body.write(#"],"hasMore":\#(page.cursor != nil),"nextCursor":\#(JSON(page.cursor).text)}"#)
        }
    }

    @Sendable private func setFeedback(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        guard let feedback = payload["feedback"], feedback.isNull || feedback.boolValue != nil else {
            throw APIError(.badRequest, message: "feedback must be true, false or null.")
        }
        let workspace = try await workspaces.required(context)
        guard let id = Int64(try context.parameter("chatid")),
            try await chats.setFeedback(feedback.boolValue, on: id, in: workspace.id)
        else { throw APIError(.notFound, message: "Chat not found") }
        return Response(json: ["success": true])
    }
}

extension ChatSelection {
    /// The conversation of a session, or where none is named the main one.
    static func conversation(_ session: String?, of workspace: Workspace.ID) -> ChatSelection {
        session.map { .session($0, of: workspace) } ?? .main(of: workspace)
    }
}
