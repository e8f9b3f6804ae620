import Domain
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import Persistence

/// | method | path | who |
/// |---|---|---|
/// | GET | /v1/openai/models | API key |
/// | POST | /v1/openai/chat/completions | API key |
/// | POST | /v1/openai/embeddings | API key |
struct OpenAIRoutes: Sendable {
    let workspaces: WorkspaceStore
    let chat: ChatService
    let embedding: EmbeddingService
    let settings: Settings

    var endpoints: RouteCollection<AuthenticatedContext> {
        RouteCollection(context: AuthenticatedContext.self)
            .get("models", use: models)
            .post("chat/completions", use: complete)
            .post("embeddings", use: embed)
    }

    /// Texts in one embeddings request, as with OpenAI.
    private static let maximumInputs = 2048

    @Sendable private func models(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let provider = settings.snapshot.value(for: "LLM_PROVIDER") ?? "extractive"
        let models = try await workspaces.all().map { workspace -> JSON in
            [
                "id": .string(workspace.slug), "object": "model", "created": .integer(workspace.createdAt.seconds),
                "owned_by": .string(workspace.settings.chatProvider ?? provider),
            ]
        }
        return Response(json: ["object": "list", "data": .array(models)])
    }

    /// The body; what is wrong with it is said in OpenAI's shape.
    static func payload(_ request: inout Request) async throws -> RequestPayload {
        do {
            return try await RequestPayload(&request, limit: RequestPayload.largeBody)
        } catch let error as APIError {
            throw error.asOpenAI
        }
    }

    // MARK: Completions

    @Sendable private func complete(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        var request = request
        let body = try await Self.payload(&request)
        guard let workspace = try await workspaces.find(slug: body["model"]?.stringValue ?? "") else {
            throw APIError.openAI(
                .unauthorized, "The model does not exist: it must be the slug of a workspace.", parameter: "model",
                code: "model_not_found")
        }
        let payload = try CompletionPayload(body)
        var question = ChatRequest(
            workspace: workspace,
            conversation: Conversation(workspaceID: workspace.id, sessionID: Self.session(body)),
            message: payload.question.text)
        question.images = payload.question.images
        question.suppliedInstruction = payload.instruction
        question.suppliedHistory = payload.history
        question.options = payload.options
        let frame = CompletionFrame(model: workspace.slug)
        return payload.streams
            ? stream(question, frame, request) : try await reply(to: question, frame)
    }

    /// Completions are kept apart from the workspace's own conversation, which they would otherwise become part of.
    private static func session(_ body: RequestPayload) -> String {
        "openai:" + (body["user"]?.stringValue ?? "")
    }

    private func reply(to question: ChatRequest, _ frame: CompletionFrame) async throws -> Response {
        do {
            let answer = try await chat.answer(question) { _ in }
            if answer.kind != .empty, let failure = answer.failure {
                throw APIError.openAI(.internalServerError, failure, type: "server_error")
            }
            return Response(json: frame.whole(answer))
        } catch let error as ServiceError {
            throw APIError.openAI(error)
        }
    }

    private func stream(_ question: ChatRequest, _ frame: CompletionFrame, _ request: Request) -> Response {
        EventStream.response(to: request) { events in
            do {
                var isFirst = true
                let answer = try await chat.answer(question) { event in
                    guard case .text(let piece) = event else { return }
                    try await events.send(frame.piece(piece, isFirst: isFirst))
                    isFirst = false
                }
                if [.refusedEmpty, .refusedIrrelevant].contains(answer.kind) {
                    try await events.send(frame.piece(answer.text, isFirst: true))
                }
                if answer.kind == .answer, let failure = answer.failure {
                    let error = APIError.openAI(.internalServerError, failure, type: "server_error")
                    try await events.send(.object(error.body))
                }
                try await events.send(frame.end(answer))
            } catch let error as ServiceError {
                try await events.send(.object(APIError.openAI(error).body))
            }
            try await events.sendDone()
        } closeEarly: { events in
            let error = APIError.openAI(.serviceUnavailable, "The server is stopping.", type: "server_error")
            try await events.send(.object(error.body))
            try await events.sendDone()
        }
    }

    // MARK: Embeddings

    @Sendable private func embed(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        var request = request
        let payload = try await Self.payload(&request)
        let inputs = try Self.inputs(payload)
        let embedder = embedding.embedder
        do {
            let embeddings = try await embedding.embed(passages: inputs, with: embedder)
            let isBase64 = payload["encoding_format"] == "base64"
            let data = embeddings.enumerated().map { index, embedding -> JSON in
                [
                    "object": "embedding", "embedding": isBase64 ? embedding.base64 : embedding.numbers,
                    "index": JSON(index),
                ]
            }
            let tokens = inputs.reduce(0) { $0 + (embedder.tokenCount($1) ?? TokenEstimate.tokens(in: $1)) }
            return Response(
                json: [
                    "object": "list", "data": .array(data), "model": .string(embedder.model.id),
                    "usage": ["prompt_tokens": JSON(tokens), "total_tokens": JSON(tokens)],
                ])
        } catch let error as ServiceError {
            throw APIError.openAI(error)
        }
    }

    private static func inputs(_ payload: RequestPayload) throws -> [String] {
        let value = payload["input"] ?? payload["inputs"]
        let texts = value?.stringValue.map { [$0] } ?? value?.arrayValue?.map { $0.stringValue ?? "" }
        let isWellFormed = value?.arrayValue?.allSatisfy { $0.stringValue != nil } ?? true
        guard let texts, isWellFormed, !texts.isEmpty, texts != [""] else {
            throw APIError.openAI(
                .badRequest, "input must be a text that is not empty, or an array of texts.", parameter: "input")
        }
        guard texts.count <= maximumInputs else {
            throw APIError.openAI(
                .badRequest, "input may have at most \(maximumInputs) texts.", parameter: "input")
        }
        return texts
    }
}

extension Embedding {
    fileprivate var numbers: JSON { .array(values.map { .number(Double($0)) }) }

    /// Little-endian float32.
    fileprivate var base64: JSON { .string(values.withUnsafeBytes { Data($0) }.base64EncodedString()) }
}
