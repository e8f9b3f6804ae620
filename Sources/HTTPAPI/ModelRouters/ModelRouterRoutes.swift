import Domain
import Engine
import HTTPTypes
import Hummingbird
import OrderedJSON

/// Routers that choose a language model for each question.
struct ModelRouterRoutes: Sendable {
    let routers: ModelRouters

    var endpoints: RouteTable {
        RouteTable([
            RouteTable(under: "/api/v1/model-routers").get("", .requires(.readSettings), use: list),
            RouteTable(under: "/api/v1/model-router")
                .post("new", .requires(.changeSettings), use: create)
                .get("{id}", .requires(.readSettings), use: show).and(for: "new")
                .post("{id}", .requires(.changeSettings), use: update)
                .delete("{id}", .requires(.changeSettings), use: delete).and(for: "new"),
        ])
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        Response(json: ["routers": .array(try await routers.all().map(\.json))])
    }

    @Sendable private func show(_ request: Request, _ context: APIContext) async throws -> Response {
        Response(json: ["router": try await router(context).json])
    }

    @Sendable private func create(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        var settings = ModelRouterSettings(name: "", fallback: ModelRoute(provider: ""))
        try settings.apply(payload)
        let router = try await routers.create(settings, by: context.caller)
        return Response(json: ["router": router.json, "error": .null])
    }

    /// Changes what the request names.
    @Sendable private func update(_ request: Request, _ context: APIContext) async throws -> Response {
        let router = try await router(context)
        var request = request
        let payload = try await RequestPayload(&request)
        var settings = router.settings
        try settings.apply(payload)
        let changed = try await routers.update(router.id, to: settings, by: context.caller)
        return Response(json: ["router": changed.json, "error": .null])
    }

    @Sendable private func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        try await routers.delete(id: try await router(context).id, by: context.caller)
        return Response(json: ["success": true, "error": .null])
    }

    private func router(_ context: APIContext) async throws -> ModelRouter {
        guard let id = Int64(try context.parameter("id")) else { throw ModelRouters.notFound }
        return try await routers.find(id: id)
    }
}
