import Domain
import Engine
import HTTPTypes
import Hummingbird
import OrderedJSON
import Persistence

struct WorkspaceRoutes: Sendable {
    let workspaces: WorkspaceDirectory
    let conversations: ConversationDirectory
    let documents: DocumentDirectory
    let registry: WorkspaceRegistry
    let jobs: JobQueue
    let settings: Settings
    let languageModel: @Sendable (Workspace) async throws -> any LanguageModel

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1")
            .post("workspace/new", .requires(.createWorkspaces), use: create)
            .get("workspaces", .requires(.readWorkspaces), use: list)
            .get("workspace/{slug}", .requires(.readWorkspaces), use: find).and(for: "new")
            .delete("workspace/{slug}", .requires(.changeWorkspaces), use: delete).and(for: "new")
            .post("workspace/{slug}/update", .requires(.changeWorkspaces), use: update)
            .post("workspace/{slug}/update-embeddings", .requires(.changeWorkspaces), use: updateEmbeddings)
    }

    @Sendable private func create(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        let name = try WorkspaceSettingsPayload.requiredName(payload["name"])
        let initial = WorkspaceSettings(name: WorkspaceSettingsPayload.shortened(name))
        let settings = WorkspaceSettingsPayload(payload: payload).applied(to: initial)
        let workspace = try await registry.create(settings, fullName: name, by: context.caller)
        return Response(json: ["workspace": .object(workspace.row), "message": "Workspace created"])
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let all = try await workspaces.all(for: context.caller)
        let threads = try await conversations.threads(of: all, for: context.caller)
        let byWorkspace = Dictionary(grouping: threads, by: \.workspaceID)
        let rows = all.map { workspace -> JSON in
            var row = workspace.row
            row["threads"] = .array((byWorkspace[workspace.id] ?? []).map(\.summary))
            return .object(row)
        }
        return Response(json: ["workspaces": .array(rows)])
    }

    @Sendable private func find(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let workspace = try await workspaces.find(slug: try context.parameter("slug"), for: context.caller)
        else { return Response(json: ["workspace": []]) }
        var row = workspace.row
        row["documents"] = try await documents(of: workspace, for: context.caller)
        row["threads"] = .array(
            try await conversations.threads(of: [workspace], for: context.caller).map(\.summary))
        return Response(json: ["workspace": [.object(row)]])
    }

    @Sendable private func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        if settings.snapshot.flag("WORKSPACE_DELETION_PROTECTION") {
            throw APIError(
                .forbidden,
                body: [
                    "success": false,
                    "error": "Workspace deletion is blocked by the system administrator.",
                ])
        }
        let workspace = try await workspaces.valid(context)
        guard try await registry.delete(workspace, by: context.caller) else {
            throw APIError.noWorkspace(workspace.slug)
        }
        return Response(text: "OK")
    }

    @Sendable private func update(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let payload = WorkspaceSettingsPayload(payload: try await RequestPayload(&request))
        let workspace = try await workspaces.valid(context)
        guard payload.hasWritableKey else {
            return try await updated(workspace, "No valid fields to update!", for: context.caller)
        }
        let settings = payload.applied(to: workspace.settings)
        guard let changed = try await registry.update(workspace, to: settings, by: context.caller) else {
            throw APIError.noWorkspace(workspace.slug)
        }
        return try await updated(changed, payload.warning, for: context.caller)
    }

    private func updated(
        _ workspace: Workspace, _ message: String?, for caller: Caller
    ) async throws -> Response {
        var row = workspace.row
        row["documents"] = try await documents(of: workspace, for: caller)
        return Response(json: ["workspace": .object(row), "message": JSON(message)])
    }

    @Sendable private func updateEmbeddings(_ request: Request, _ context: APIContext) async throws
        -> Response
    {
        let isAwaited = try request.isAwaited
        try await jobs.requireRoom()
        var request = request
        let payload = try await RequestPayload(&request)
        let workspace = try await workspaces.valid(context)
        let update = EmbeddingsUpdate(
            workspaceID: workspace.id, additions: try Self.paths(payload["adds"], "adds"),
            removals: try Self.paths(payload["deletes"], "deletes"))
        guard update.additions.count + update.removals.count <= EmbeddingsUpdate.maximumCount else {
            throw APIError(
                .contentTooLarge,
                message: "One request may name at most \(EmbeddingsUpdate.maximumCount) documents; send several.")
        }
        let job = Job(
            .embeddingsUpdate(update), by: context.caller, lane: isAwaited ? .interactive : .background)
        try await jobs.submit(job)
        if !isAwaited {
            return Response(
                status: .accepted,
                json: ["workspace": .object(workspace.row), "jobId": .string(job.id), "job": job.json(nil)])
        }
        let failures = try await jobs.embeddingsOutcome(of: job.id).failures
        var row = workspace.row
        row["documents"] = try await documents(of: workspace, for: context.caller)
        // What the model's server says of it, which chats go by.
        row["contextWindow"] = JSON((try? await languageModel(workspace).prepared())?.contextWindow)
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

    private func documents(of workspace: Workspace, for caller: Caller) async throws -> JSON {
        .array(try await documents.documents(in: workspace, for: caller).map(\.json))
    }
}
