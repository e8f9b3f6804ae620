import Domain
import Engine
import Hummingbird
import Logging
import OrderedJSON

struct SystemRoutes: Sendable {
    let settings: Settings
    let editor: SettingsEditor
    let statistics: InstanceStatistics
    let preferences: Preferences
    let dump: EnvironmentDump
    let catalog: ModelCatalog

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1/system")
            .get("", .requires(.readSettings), use: report)
            .get("vector-count", .requires(.observe), use: vectorCount)
            .get("models", .requires(.changeWorkspaces), use: models)
            .post("update-env", .requires(.changeSettings), use: update)
            .get("env-dump", .requires(.changeSettings), use: dumpEnvironment)
    }

    @Sendable private func report(_ request: Request, _ context: APIContext) async throws -> Response {
        var facts = StoredFacts()
        facts.hasExistingEmbeddings = try await statistics.hasDocuments()
        facts.hasCachedEmbeddings = facts.hasExistingEmbeddings
        try await preferences.facts(&facts)
        let snapshot = settings.snapshot
        return Response(json: SystemReport.json(snapshot, facts))
    }

    @Sendable private func vectorCount(_ request: Request, _ context: APIContext) async throws -> Response {
        Response(json: ["vectorCount": JSON(try await statistics.vectorCount(for: context.caller))])
    }

    /// For whoever chooses one of them; nothing else asks for it.
    @Sendable private func models(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = QueryParameters(request)
        try query.requireOnly(["provider"])
        let listing = try await request.whileConnected { try await catalog.models(of: query["provider"]) }
        return Response(json: [
            "provider": .string(listing.provider), "models": .array(listing.models.map(\.json)),
        ])
    }

    @Sendable private func update(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        let outcome = try await editor.update(payload.object.sentSettings, by: context.caller)
        if outcome.batch.error == nil {
            let keys = outcome.batch.appliedKeys.joined(separator: " ")
            context.logger.info("Settings were changed", metadata: ["keys": "\(keys)"])
        }
        return Response(json: outcome.json)
    }

    @Sendable private func dumpEnvironment(_ request: Request, _ context: APIContext) async throws -> Response {
        try await dump.write(by: context.caller)
        return Response(text: "OK")
    }
}
