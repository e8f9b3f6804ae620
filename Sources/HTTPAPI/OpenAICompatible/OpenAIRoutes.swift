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
            throw APIError.openAI(
                .notFound, "The model '\(id)' does not exist.", parameter: "model", code: "model_not_found")
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
        guard
            let workspace = try await workspaces.find(
                slug: fields["model"]?.stringValue ?? "", for: context.caller)
        else {
            throw APIError.openAI(
                .unauthorized, "The model does not exist: it must be the slug of a workspace.", parameter: "model",
                code: "model_not_found")
        }
        let payload = try await body.reading { try CompletionPayload(fields) }
        let question = ChatRequest(
            payload, by: context.caller, to: workspace, options: try await options(payload.options, for: workspace),
            session: fields["user"]?.stringValue ?? "")
        let frame = CompletionFrame(
            model: workspace.slug, includesUsage: payload.includesUsage, usesFunctions: payload.usesFunctions)
        return payload.streams
            ? try await CompletionStream(
                chat: chat, question: question, choiceCount: payload.choiceCount, frame: frame, logger: context.logger
            ).response(to: request)
            : try await reply(to: question, count: payload.choiceCount, frame, request)
    }

    /// The options as the workspace's model takes them: what it cannot do is left out, or refused where the answer would
    /// not be what was asked for. Known before anything is answered.
    private func options(
        _ options: GenerationOptions, for workspace: Workspace
    ) async throws -> GenerationOptions {
        let wantsForm = options.responseFormat.map { $0 != .text } ?? false
        guard !options.tools.isEmpty || wantsForm else { return options }
        let model = try await Self.inOpenAIShape { try await languageModel(workspace) }
        guard model.acceptsResponseFormats || !wantsForm else {
            throw OpenAIFields.invalid("response_format", "is not supported by the model \(model.modelID)")
        }
        guard !model.supportsTools, !options.tools.isEmpty else { return options }
        switch options.toolChoice {
        case .required?, .named?:
            throw OpenAIFields.invalid("tools", "are not supported by the model \(model.modelID)")
        default:
            var options = options
            options.tools = []
            options.toolChoice = nil
            return options
        }
    }

    private static func inOpenAIShape<Value>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let error as ServiceError { throw APIError.openAI(error) }
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
