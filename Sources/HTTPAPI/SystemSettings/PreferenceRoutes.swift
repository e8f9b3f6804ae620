import Engine
import Hummingbird
import OrderedJSON

struct PreferenceRoutes: Sendable {
    let preferences: Preferences

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1/admin")
            .get("preferences", .requires(.readPreferences), use: read)
            .post("preferences", .requires(.changePreferences), use: update)
    }

    @Sendable private func read(_ request: Request, _ context: APIContext) async throws -> Response {
        let members = try await preferences.all().map { (key: $0.name, value: JSON.string($0.value)) }
        return Response(json: ["preferences": .object(JSONObject(members: members))])
    }

    @Sendable private func update(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        let sent = payload.object.members.map { (name: $0.key, value: Preference.Sent($0.value)) }
        let outcome = try await preferences.update(sent, by: context.caller)
        let rejected = outcome.rejected.map { (key: $0.name, value: JSON.string($0.reason)) }
        return Response(
            json: [
                "success": true, "error": .null, "rejected": .object(JSONObject(members: rejected)),
                "unknownKeys": .array(outcome.unknown.map(JSON.string)), "reembedding": .bool(outcome.reembeds),
            ])
    }
}

extension Preference.Sent {
    init(_ value: JSON) {
        switch value {
        case .null: self = .null
        case .bool(let flag): self = .bool(flag)
        case .integer(let number): self = .number(Double(number))
        case .number(let number): self = .number(number)
        case .string(let text): self = .text(text)
        case .array(let items):
            let texts = items.compactMap(\.stringValue)
            self = texts.count == items.count ? .list(texts) : .composite(value.text)
        case .object: self = .composite(value.text)
        }
    }
}
