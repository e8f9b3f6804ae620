import Domain
import Engine
import HTTPTypes
import Hummingbird
import Persistence

/// | method | path | who |
/// |---|---|---|
/// | POST | /v1/workspace/new | API key |
/// | GET | /v1/workspaces | API key |
/// | GET | /v1/workspace/{slug} | API key |
/// | DELETE | /v1/workspace/{slug} | API key |
/// | POST | /v1/workspace/{slug}/update | API key |
/// | POST | /v1/workspace/{slug}/update-embeddings | API key |
struct WorkspaceRoutes: Sendable {
    let workspaces: WorkspaceStore
    let threads: ThreadStore
    let memberships: WorkspaceDocumentStore
    let registry: WorkspaceRegistry
    let indexer: WorkspaceIndexer
    let jobs: JobQueue
    let events: EventStore
    let settings: Settings
    let running: RunningAnswers
    let languageModel: @Sendable (Workspace) throws -> any LanguageModel

    var endpoints: RouteCollection<AuthenticatedContext> {
        RouteCollection(context: AuthenticatedContext.self)
            .post("workspace/new", use: create)
            .get("workspaces", use: list)
            .get("workspace/{slug}", use: find)
            .delete("workspace/{slug}", use: delete)
            .on("workspace/new", .get, asThe: "slug", use: find)
            .on("workspace/new", .delete, asThe: "slug", use: delete)
            .post("workspace/{slug}/update", use: update)
            .post("workspace/{slug}/update-embeddings", use: updateEmbeddings)
    }

    @Sendable private func create(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        let name = try WorkspaceSettingsPayload.requiredName(payload["name"])
        let initial = WorkspaceSettings(name: WorkspaceSettingsPayload.shortened(name))
        let settings = WorkspaceSettingsPayload(payload: payload).applied(to: initial)
        let workspace = try await registry.create(settings, fullName: name)
        return Response(json: ["workspace": .object(workspace.row), "message": "Workspace created"])
    }

    @Sendable private func list(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let all = try await workspaces.all()
        let byWorkspace = Dictionary(grouping: try await threads.all(in: all.map(\.id)), by: \.workspaceID)
        let rows = all.map { workspace -> JSON in
            var row = workspace.row
            row["threads"] = .array((byWorkspace[workspace.id] ?? []).map(\.summary))
            return .object(row)
        }
        return Response(json: ["workspaces": .array(rows)])
    }

    @Sendable private func find(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        guard let workspace = try await workspace(context) else {
            return Response(json: ["workspace": []])
        }
        var row = workspace.row
        row["documents"] = try await documents(of: workspace)
        row["threads"] = .array(try await threads.all(in: [workspace.id]).map(\.summary))
        return Response(json: ["workspace": [.object(row)]])
    }

    @Sendable private func delete(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        if settings.snapshot.isPresent("WORKSPACE_DELETION_PROTECTION") {
            throw APIError(
                .forbidden,
                body: [
                    "success": false,
                    "error": "Workspace deletion is blocked by the system administrator.",
                ])
        }
        guard let workspace = try await indexer.deleteWorkspace(slug: try context.parameter("slug")) else {
            return Self.badRequest
        }
        running.end(workspace: workspace.id)
        try await events.log("api_workspace_deleted", ["workspaceName": .string(workspace.name)])
        return Response(text: "OK")
    }

    @Sendable private func update(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        var request = request
        let payload = WorkspaceSettingsPayload(payload: try await RequestPayload(&request))
        guard let workspace = try await workspace(context) else { return Self.badRequest }
        guard payload.hasWritableKey else { return try await updated(workspace, "No valid fields to update!") }
        let settings = payload.applied(to: workspace.settings)
        guard let changed = try await workspaces.update(workspace.id, to: settings, at: .now) else {
            return Self.badRequest
        }
        return try await updated(changed, payload.warning)
    }

    private func updated(_ workspace: Workspace, _ message: String?) async throws -> Response {
        var row = workspace.row
        row["documents"] = try await documents(of: workspace)
        return Response(json: ["workspace": .object(row), "message": JSON(message)])
    }

    @Sendable private func updateEmbeddings(_ request: Request, _ context: AuthenticatedContext) async throws
        -> Response
    {
        var request = request
        let payload = try await RequestPayload(&request)
        guard let workspace = try await workspace(context) else { return Self.badRequest }
        let isAwaited = request.uri.queryParameters.get("async") != "true"
        let job = Job(
            .embeddingsUpdate(
                EmbeddingsUpdate(
                    workspaceID: workspace.id, additions: try Self.paths(payload["adds"], "adds"),
                    removals: try Self.paths(payload["deletes"], "deletes"))),
            lane: isAwaited ? .interactive : .background)
        try await jobs.submit(job)
        if !isAwaited {
            return Response(status: .accepted, json: ["workspace": .object(workspace.row), "jobId": .string(job.id)])
        }
        let failures = try await jobs.embeddingsOutcome(of: job.id).failures
        var row = workspace.row
        row["documents"] = try await documents(of: workspace)
        row["contextWindow"] = JSON((try? languageModel(workspace))?.contextWindow)
        row["currentContextTokenCount"] = 0
        return Response(
            json: [
                "workspace": .object(row), "message": failures.isEmpty ? nil : "Some documents could not be embedded.",
                "failed": .array(failures.map(\.json)),
            ])
    }

    private static func paths(_ value: JSON?, _ name: String) throws -> [String] {
        guard let value, value != .null else { return [] }
        guard let values = value.arrayValue, values.allSatisfy({ $0.stringValue != nil }) else {
            throw APIError(.badRequest, message: "\(name) must be an array of strings.")
        }
        return values.compactMap(\.stringValue)
    }

    private static var badRequest: Response { Response(text: "Bad Request", status: .badRequest) }

    private func workspace(_ context: AuthenticatedContext) async throws -> Workspace? {
        try await workspaces.find(slug: try context.parameter("slug"))
    }

    private func documents(of workspace: Workspace) async throws -> JSON {
        .array(try await memberships.all(in: workspace.id).map(\.json))
    }
}
