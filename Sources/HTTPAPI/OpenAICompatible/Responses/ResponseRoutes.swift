import Domain
import Engine
import HTTPTypes
import Hummingbird
import OrderedJSON
import Persistence

/// OpenAI's Responses API. Workspaces are the models, and the vector stores that `file_search` searches.
///
/// | operation | |
/// |---|---|
/// | `POST responses` | an answer, as a whole or as events; kept unless `store` is false |
/// | `GET responses/{id}` | the same again |
/// | `GET responses/{id}/input_items` | what was sent with it |
/// | `POST responses/{id}/cancel` | refused: who does not want an answer any more disconnects |
/// | `DELETE responses/{id}` | forgets it |
struct ResponseRoutes: Sendable {
    let workspaces: WorkspaceDirectory
    let chat: ChatService
    let archive: ResponseArchive
    let languageModel: @Sendable (Workspace) async throws -> any LanguageModel

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1/openai")
            .post("responses", .requires(.converse), use: create)
            .get("responses/{id}", .requires(.readConversations), use: find)
            .delete("responses/{id}", .requires(.converse), use: delete)
            .get("responses/{id}/input_items", .requires(.readConversations), use: inputItems)
            .post("responses/{id}/cancel", .requires(.converse), use: cancel)
    }

    // MARK: Making

    @Sendable private func create(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let body = try await RequestPayload.inOpenAIShape(&request)
        let fields = OpenAIFields(body.object)
        let slug = try fields.requiredText("model")
        guard let workspace = try await workspaces.find(slug: slug, for: context.caller) else {
            throw APIError.noModel(slug)
        }
        let payload = try await body.reading { try ResponsePayload(fields) }
        let history = ResponseHistory(archive: archive)
        let before = try await history.items(before: payload, for: context.caller)
        let items = try await history.items(of: payload, for: context.caller)
        let messages = try await body.reading { try Self.messages(before, items) }
        var question = ChatRequest(
            payload, messages, by: context.caller, to: workspace,
            options: try await payload.options.taken(formIn: "text.format") { try await languageModel(workspace) })
        question.search = try await scope(payload.search, for: workspace, context.caller)
        let answer = ResponseAnswer(
            chat: chat, archive: archive, question: question,
            frame: ResponseFrame(model: workspace.slug, payload, items: items), logger: context.logger)
        return payload.streams ? try await answer.stream(to: request) : try await answer.whole(request)
    }

    private static func messages(_ before: [JSON], _ items: [JSON]) throws -> CompletionMessages {
        let named =
            before.map { (name: "previous_response_id", item: $0) }
            + items.enumerated().map { (name: "input[\($0)]", item: $1) }
        return try CompletionMessages(
            try ResponseMessages(named).named, in: "input",
            orElse: "input must end with a message of the user, or with what a function gave back.")
    }

    private func scope(
        _ tool: FileSearchTool?, for workspace: Workspace, _ caller: Caller
    ) async throws -> SearchScope? {
        guard let tool else { return nil }
        let found = try await workspaces.find(slugs: tool.stores, for: caller)
        if let missing = tool.stores.first(where: { slug in !found.contains { $0.slug == slug } }) {
            throw APIError.openAI(.notFound, "No vector store found with id '\(missing)'.", parameter: "tools")
        }
        return try tool.scope(for: workspace, over: found)
    }

    // MARK: What is kept

    @Sendable private func find(_ request: Request, _ context: APIContext) async throws -> Response {
        guard request.uri.queryParameters.get("stream") != "true" else {
            throw APIError.openAI(.badRequest, "A response that is complete is not streamed.", parameter: "stream")
        }
        return Response(json: try await response(context).object)
    }

    @Sendable private func inputItems(_ request: Request, _ context: APIContext) async throws -> Response {
        let items = try await response(context).inputItems
        let id = { (item: JSON) in item["id"]?.stringValue ?? "" }
        let page = try CursorPage(
            of: items, request.uri.queryParameters, defaultLimit: 20, isDescending: true, id: id)
        return Response(json: page.json(id: id) { $0 })
    }

    @Sendable private func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.parameter("id")
        guard try await archive.delete(id: id, for: context.caller) else { throw Self.missing(id) }
        return Response(json: ["id": .string(id), "object": "response", "deleted": true])
    }

    @Sendable private func cancel(_ request: Request, _ context: APIContext) async throws -> Response {
        _ = try await response(context)
        throw APIError.openAI(.badRequest, "Only responses that are made in the background can be cancelled.")
    }

    private func response(_ context: APIContext) async throws -> StoredResponse {
        let id = try context.parameter("id")
        guard let response = try await archive.find(id: id, for: context.caller) else { throw Self.missing(id) }
        return response
    }

    private static func missing(_ id: String) -> APIError {
        APIError.openAI(.notFound, "Response with id '\(id)' not found.", parameter: "id")
    }
}

extension ChatRequest {
    fileprivate init(
        _ payload: ResponsePayload, _ messages: CompletionMessages, by caller: Caller, to workspace: Workspace,
        options: GenerationOptions
    ) {
        // Responses are kept apart from the workspace's own conversation, as completions are.
        self.init(
            by: caller, workspace: workspace,
            conversation: Conversation(
                workspaceID: workspace.id, userID: caller.userID, sessionID: "openai:" + payload.user),
            message: messages.question.text)
        media = messages.question.media
        documents = messages.documents
        let instructions = [payload.instructions, messages.instruction].compactMap(\.self)
        suppliedInstruction = instructions.isEmpty ? nil : instructions.joined(separator: "\n\n")
        suppliedHistory = messages.history
        continuation = messages.continuation
        usesDocuments = payload.usesDocuments
        separatesReasoning = true
        reportsSearch = true
        keepsPartialAnswer = payload.streams
        self.options = options
    }
}
