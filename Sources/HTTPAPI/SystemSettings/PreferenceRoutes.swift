import Domain
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
        let sent = payload.object.members.map { (name: $0.key, value: Preference.Sent($0.value, for: $0.key)) }
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
    init(_ value: JSON, for name: String) {
        switch value {
        case .null: self = .null
        case .bool(let flag): self = .bool(flag)
        case .integer(let number): self = .number(Double(number))
        case .number(let number): self = .number(number)
        case .string(let text):
            guard Preference.named(name)?.takesJSON == true, !text.isEmpty else {
                self = .text(text)
                return
            }
            self = (try? JSON(parsing: text)).map { Self.composite($0, for: name) } ?? .invalid("must be JSON")
        case .array(let items):
            let texts = items.compactMap(\.stringValue)
            let isList = texts.count == items.count && Preference.named(name)?.takesJSON != true
            self = isList ? .list(texts) : Self.composite(value, for: name)
        case .object: self = Self.composite(value, for: name)
        }
    }

    private static func composite(_ value: JSON, for name: String) -> Preference.Sent {
        guard value.objectValue != nil || value.arrayValue != nil else {
            return .invalid("must be an object or an array")
        }
        // A mask in the place of a secret would take the secret's place for good.
        guard !value.text.contains("******") else { return .invalid("holds a masked value; send it whole") }
        return name == "footer_data" ? links(value) : .composite(value.text)
    }

    private static let maximumLinks = 3

    /// Links of a page's foot: `icon` and `url`.
    private static func links(_ value: JSON) -> Preference.Sent {
        let links = value.arrayValue ?? []
        let areRight = links.allSatisfy { link in
            link["url"]?.stringValue.flatMap { WebAddress($0)?.isWeb } == true
        }
        guard value.arrayValue != nil, areRight, links.count <= maximumLinks else {
            return .invalid("must be at most \(maximumLinks) links with an http or https url each")
        }
        return .composite(
            JSON.array(links.map { ["icon": $0["icon"] ?? .null, "url": $0["url"] ?? .null] }).text)
    }
}
