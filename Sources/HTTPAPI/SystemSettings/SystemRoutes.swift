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
    let removal: DocumentRemoval

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1/system")
            .get("", .requires(.readSettings), use: report)
            .get("vector-count", .requires(.observe), use: vectorCount)
            .post("update-env", .requires(.changeSettings), use: update)
            .get("env-dump", .requires(.changeSettings), use: dumpEnvironment)
            .delete("remove-documents", .requires(.removeDocuments), use: removeDocuments)
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

    @Sendable private func removeDocuments(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        // All are read before any is removed.
        let paths = payload["names"]?.arrayValue?.map { name in
            name.stringValue.flatMap { DocumentPath($0) }
        }
        guard let paths, !paths.contains(nil) else {
            throw APIError(.badRequest, message: "names must be an array of document paths, folder/name.json.")
        }
        let missing = try await removal.remove(paths.compactMap(\.self), by: context.caller)
        return Response(
            json: [
                "success": true, "message": "Documents removed successfully",
                "notFound": .array(missing.map { .string($0.text) }),
            ])
    }
}
