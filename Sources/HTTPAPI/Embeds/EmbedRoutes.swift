import Domain
import Engine
import HTTPTypes
import Hummingbird
import OrderedJSON
import Persistence

/// Embeds, for those who manage them.
struct EmbedRoutes: Sendable {
    let registry: EmbedRegistry
    let settings: Settings

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1/embed")
            .get("", .requires(.manageEmbeds), use: list)
            .post("new", .requires(.manageEmbeds), use: create)
            .post("{embedUuid}", .requires(.manageEmbeds), use: update)
            .delete("{embedUuid}", .requires(.manageEmbeds), use: delete).and(for: "new")
            .get("{embedUuid}/chats", .requires(.manageEmbeds), use: chats)
            .get("{embedUuid}/chats/{sessionUuid}", .requires(.manageEmbeds), use: sessionChats)
    }

    /// Chats in one answer.
    private static let maximumChats = 10_000

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let workspaces = try await registry.workspaces()
        let base = request.serverAddress(settings.snapshot)
        let embeds = try await registry.all().map { listed -> JSON in
            let workspace = workspaces[listed.embed.settings.workspaceID]
            var json = listed.embed.json(workspace, base: base)
            json["workspace"] = [
                "id": .integer(listed.embed.settings.workspaceID), "name": JSON(workspace?.name),
            ]
            json["chat_count"] = JSON(listed.chatCount)
            return .object(json)
        }
        return Response(json: ["embeds": .array(embeds)])
    }

    @Sendable private func create(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        guard let slug = payload.text("workspace_slug"), !slug.isEmpty else {
            throw APIError(.badRequest, message: "Workspace slug is required")
        }
        guard let workspace = try await registry.workspace(slug: slug) else {
            throw APIError(.notFound, message: "Workspace not found")
        }
        var settings = EmbedSettings(workspaceID: workspace.id)
        _ = try settings.apply(payload, isNew: true)
        let embed = try await registry.create(settings, by: context.caller)
        return Response(json: [
            "embed": .object(embed.json(workspace, base: request.serverAddress(self.settings.snapshot))),
            "error": .null,
        ])
    }

    @Sendable private func update(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let embed = try await embed(context)
        let payload = try await RequestPayload(&request)
        var settings = embed.settings
        let isMoved = try await move(&settings, payload)
        guard try settings.apply(payload, isNew: false) || isMoved else {
            return Response(json: ["success": false, "error": "No valid fields to update!"])
        }
        try await registry.update(embed, to: settings, by: context.caller)
        return Response(json: ["success": true, "error": .null])
    }

    /// To the workspace that the request names by its slug or its id.
    private func move(_ settings: inout EmbedSettings, _ payload: RequestPayload) async throws -> Bool {
        let workspace: Workspace?
        if let slug = payload["workspace_slug"] {
            workspace = try await registry.workspace(slug: slug.stringValue ?? "")
        } else if let id = payload["workspace_id"] {
            let number = id.integerValue ?? id.stringValue.flatMap(Int64.init)
            workspace = if let number { try await registry.workspace(id: number) } else { nil }
        } else {
            return false
        }
        guard let workspace else { throw APIError(.notFound, message: "Workspace not found") }
        settings.workspaceID = workspace.id
        return true
    }

    @Sendable private func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        try await registry.delete(try await embed(context), by: context.caller)
        return Response(json: ["success": true, "error": .null])
    }

    @Sendable private func chats(_ request: Request, _ context: APIContext) async throws -> Response {
        let embed = try await embed(context)
        let parameters = QueryParameters(request)
        let limit = min(max(1, parameters.leadingInteger("limit") ?? Self.maximumChats), Self.maximumChats)
        let offset = max(0, parameters.leadingInteger("offset") ?? 0)
        let chats = try await registry.chats(of: embed, offset: offset, limit: limit)
        return Response(json: ["chats": .array(chats.map(\.row))])
    }

    @Sendable private func sessionChats(_ request: Request, _ context: APIContext) async throws -> Response {
        let session = try context.parameter("sessionuuid")
        let missing = APIError(.notFound, message: "Embed or session not found")
        guard let embed = try await registry.find(uuid: context.parameter("embeduuid")) else { throw missing }
        let chats = try await registry.chats(of: embed, session: session, limit: Self.maximumChats)
        guard !chats.isEmpty else { throw missing }
        return Response(json: ["chats": .array(chats.map(\.row))])
    }

    private func embed(_ context: APIContext) async throws -> Embed {
        guard let embed = try await registry.find(uuid: context.parameter("embeduuid")) else {
            throw EmbedRegistry.notFound
        }
        return embed
    }
}
