import Domain
import Engine
import HTTPTypes
import Hummingbird
import OrderedJSON
import Persistence

/// What browsers ask of embeds. Under `/api/embed` stands what visitors ask, too: there the id of an embed takes the place of
/// a uuid.
extension EmbedRoutes {
    var browserEndpoints: RouteTable {
        RouteTable([
            RouteTable(under: "/api/embeds")
                .get("", .requires(.manageEmbeds), use: rows)
                .post("new", .requires(.manageEmbeds), use: createInBrowser),
            RouteTable(under: "/api/embed")
                .post("update/{id}", .requires(.manageEmbeds), use: updateByID)
                .delete("{embedUuid}", .requires(.manageEmbeds), use: deleteByID).and(for: "chats")
                .post("chats", .requires(.manageEmbeds), use: chatPage)
                .delete("chats/{id}", .requires(.manageEmbeds), use: deleteChat),
        ])
    }

    private static let pageSize = 20

    /// All embeds, the newest first.
    @Sendable private func rows(_ request: Request, _ context: APIContext) async throws -> Response {
        let workspaces = try await registry.workspaces()
        let base = request.serverAddress(settings.snapshot)
        let embeds = try await registry.all().reversed().map { listed -> JSON in
            let workspace = workspaces[listed.embed.settings.workspaceID]
            var json = listed.embed.json(workspace, base: base)
            json["workspace"] = [
                "id": .integer(listed.embed.settings.workspaceID), "name": JSON(workspace?.name),
                "slug": JSON(workspace?.slug),
            ]
            json["_count"] = ["embed_chats": JSON(listed.chatCount)]
            return .object(json)
        }
        return Response(json: ["embeds": .array(embeds)])
    }

    @Sendable private func createInBrowser(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        return try await create(try await RequestPayload(&request), for: request, context)
    }

    @Sendable private func updateByID(_ request: Request, _ context: APIContext) async throws -> Response {
        try await update(try await embed("id", context), by: request, context)
    }

    @Sendable private func deleteByID(_ request: Request, _ context: APIContext) async throws -> Response {
        try await registry.delete(try await embed("embeduuid", context), by: context.caller)
        return Response(json: ["success": true, "error": .null])
    }

    private func embed(_ parameter: String, _ context: APIContext) async throws -> Embed {
        guard let id = try context.id(parameter), let embed = try await registry.find(id: id) else {
            throw EmbedRegistry.notFound
        }
        return embed
    }

    // MARK: Chats

    /// A page of what visitors asked, the newest first, whichever embed it was.
    @Sendable private func chatPage(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let page = try PageRequest(try await RequestPayload(&request), size: Self.pageSize)
        try conversations.requireVisible()
        let (chats, total) = try await conversations.embedPage(offset: page.start, limit: page.limit)
        let workspaces = try await registry.workspaces()
        let embeds = Dictionary(try await registry.all().map { ($0.embed.id, $0.embed) }) { first, _ in first }
        let rows = chats.map { chat -> JSON in
            let embed = embeds[chat.embedID]
            var row = chat.browserRow
            row["embed_config"] = [
                "id": .integer(chat.embedID), "uuid": JSON(embed?.uuid),
                "workspace": ["name": JSON(embed.flatMap { workspaces[$0.settings.workspaceID]?.name })],
            ]
            return .object(row)
        }
        return Response(json: page.answer(rows, of: total))
    }

    @Sendable private func deleteChat(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let id = try context.id("id"), try await conversations.deleteEmbedChat(id, by: context.caller) else {
            throw APIError(.notFound, message: "Chat not found")
        }
        return Response(json: ["success": true, "error": .null])
    }
}
