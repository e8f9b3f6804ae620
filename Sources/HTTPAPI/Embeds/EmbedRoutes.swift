import Domain
import Engine
import HTTPTypes
import Hummingbird
import OrderedJSON
import Persistence

/// Embeds, for those who manage them: by their uuids for programs, by their ids for browsers.
struct EmbedRoutes: Sendable {
    let registry: EmbedRegistry
    let conversations: InstanceConversations
    let settings: Settings

    var endpoints: RouteTable {
        RouteTable([
            RouteTable(under: "/api/v1/embed")
                .get("", .requires(.manageEmbeds), use: list)
                .post("new", .requires(.manageEmbeds), use: create)
                .post("{embedUuid}", .requires(.manageEmbeds), use: update)
                .delete("{embedUuid}", .requires(.manageEmbeds), use: delete).and(for: "new")
                .get("{embedUuid}/chats", .requires(.manageEmbeds), use: chats)
                .get("{embedUuid}/chats/{sessionUuid}", .requires(.manageEmbeds), use: sessionChats),
            browserEndpoints,
        ])
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
        guard payload.text("workspace_slug").map(\.isEmpty) == false else {
            throw APIError(.badRequest, message: "Workspace slug is required")
        }
        return try await create(payload, for: request, context)
    }

    /// Makes an embed of the workspace that is named.
    func create(_ payload: RequestPayload, for request: Request, _ context: APIContext) async throws -> Response {
        guard let workspace = try await workspace(namedIn: payload) else {
            throw APIError(.badRequest, message: "workspace_id or workspace_slug is required")
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
        try await update(try await embed(context), by: request, context)
    }

    /// Changes what the request names.
    func update(_ embed: Embed, by request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        var settings = embed.settings
        let workspace = try await workspace(namedIn: payload)
        if let workspace { settings.workspaceID = workspace.id }
        guard try settings.apply(payload, isNew: false) || workspace != nil else {
            return Response(json: ["success": false, "error": "No valid fields to update!"])
        }
        try await registry.update(embed, to: settings, by: context.caller)
        return Response(json: ["success": true, "error": .null])
    }

    /// The workspace that a request names by its slug or its id; `nil` where it names none.
    ///
    /// - Throws: 404 where there is no such workspace.
    private func workspace(namedIn payload: RequestPayload) async throws -> Workspace? {
        let found: Workspace?
        if let slug = payload["workspace_slug"] {
            found = try await registry.workspace(slug: slug.stringValue ?? "")
        } else if let id = payload["workspace_id"] {
            let number = id.integerValue ?? id.stringValue.flatMap(Int64.init)
            found = if let number { try await registry.workspace(id: number) } else { nil }
        } else {
            return nil
        }
        guard let found else { throw APIError(.notFound, message: "Workspace not found") }
        return found
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
