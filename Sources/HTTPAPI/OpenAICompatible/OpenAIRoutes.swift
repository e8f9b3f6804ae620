import Domain
import Engine
import HTTPTypes
import Hummingbird
import OrderedJSON
import Persistence

/// Workspaces are the models: the slug is the model's name.
struct OpenAIRoutes: Sendable {
    let workspaces: WorkspaceDirectory
    let chat: ChatService
    let settings: Settings
    let languageModel: @Sendable (Workspace) async throws -> any LanguageModel

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1/openai")
            .get("models", .requires(.readWorkspaces), use: models)
            .get("models/{id}", .requires(.readWorkspaces), use: model)
            .post("chat/completions", .requires(.converse), use: complete)
    }

    // MARK: Models

    @Sendable private func models(_ request: Request, _ context: APIContext) async throws -> Response {
        let models = try await workspaces.all(for: context.caller).map(model)
        return Response(json: ["object": "list", "data": .array(models)])
    }

    @Sendable private func model(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.parameter("id")
        guard let workspace = try await workspaces.find(slug: id, for: context.caller) else {
            throw APIError.noModel(id)
        }
        return Response(json: model(workspace))
    }

    private func model(_ workspace: Workspace) -> JSON {
        let provider = workspace.settings.chatProvider ?? settings.snapshot.chatProvider
        return [
            "id": .string(workspace.slug), "object": "model", "created": .integer(workspace.createdAt.seconds),
            "owned_by": .string(provider),
        ]
    }

    // MARK: Completions

    @Sendable private func complete(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let body = try await RequestPayload.inOpenAIShape(&request)
        let fields = OpenAIFields(body.object)
        let slug = fields["model"]?.stringValue ?? ""
        guard let workspace = try await workspaces.find(slug: slug, for: context.caller) else {
            throw APIError.noModel(slug, request.hasOpenAIStatuses ? .notFound : .unauthorized)
        }
        let payload = try await body.reading { try CompletionPayload(fields) }
        let question = ChatRequest(
            payload, by: context.caller, to: workspace,
            options: try await payload.options.taken(formIn: "response_format") {
                try await languageModel(workspace)
            },
            session: fields["user"]?.stringValue ?? "")
        let frame = CompletionFrame(
            model: workspace.slug, includesUsage: payload.includesUsage, usesFunctions: payload.usesFunctions)
        return payload.streams
            ? try await CompletionStream(
                chat: chat, question: question, choiceCount: payload.choiceCount, frame: frame, logger: context.logger
            ).response(to: request)
            : try await reply(to: question, count: payload.choiceCount, frame, request)
    }

    private func reply(
        to question: ChatRequest, count: Int, _ frame: CompletionFrame, _ request: Request
    ) async throws -> Response {
        do {
            let answers = try await request.whileConnected { try await chat.wholeAnswers(question, count: count) }
            return Response(json: .object(frame.whole(answers)))
        } catch let error as ServiceError {
            return Response(APIError.openAI(error))
        }
    }
}

extension ChatRequest {
    /// - Parameter session: the client's name for its user.
    fileprivate init(
        _ payload: CompletionPayload, by caller: Caller, to workspace: Workspace, options: GenerationOptions,
        session: String
    ) {
        let messages = payload.messages
        // Completions are kept apart from the workspace's own conversation, which they would otherwise become part of.
        self.init(
            by: caller, workspace: workspace,
            conversation: Conversation(
                workspaceID: workspace.id, userID: caller.userID, sessionID: "openai:" + session),
            message: messages.question.text)
        media = messages.question.media
        documents = messages.documents
        suppliedInstruction = messages.instruction
        suppliedHistory = messages.history
        continuation = messages.continuation
        usesDocuments = payload.usesDocuments
        separatesReasoning = true
        keepsPartialAnswer = payload.streams
        self.options = options
    }
}
