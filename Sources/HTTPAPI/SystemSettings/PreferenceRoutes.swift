import Domain
import Engine
import Hummingbird
import OrderedJSON

struct PreferenceRoutes: Sendable {
    let preferences: Preferences

    var endpoints: RouteTable {
        RouteTable([
            RouteTable(under: "/api/v1/admin")
                .get("preferences", .requires(.readPreferences), use: read)
                .post("preferences", .requires(.changePreferences), use: update),
            RouteTable(under: "/api/admin")
                .get("system-preferences-for", .requires(.readPreferences), use: readSome)
                .post("system-preferences", .requires(.changePreferences), use: update),
            RouteTable(under: "/api/system")
                .get("custom-app-name", .everybody, use: appName)
                .get("is-default-logo", .everybody, use: hasDefaultLogo),
        ])
    }

    @Sendable private func read(_ request: Request, _ context: APIContext) async throws -> Response {
        let members = try await preferences.all().map { preference -> (key: String, value: JSON) in
            // A list of names is a text with commas here, as it is sent.
            if case .names(let names) = preference.value {
                return (preference.name, .string(names.joined(separator: ",")))
            }
            return (preference.name, preference.value.json)
        }
        return Response(json: ["preferences": .object(JSONObject(members: members))])
    }

    /// Those whose names stand in `labels`, with commas between them; null for what is not set.
    @Sendable private func readSome(_ request: Request, _ context: APIContext) async throws -> Response {
        let labels = QueryParameters(request)["labels"]?.split(separator: ",").map(\.trimmed) ?? []
        let members = try await preferences.readable(labels, for: context.caller).map {
            (key: $0.name, value: $0.value?.json ?? .null)
        }
        return Response(json: ["settings": .object(JSONObject(members: members))])
    }

    // MARK: Without a credential, for a page for signing in

    @Sendable private func appName(_ request: Request, _ context: APIContext) async throws -> Response {
        Response(json: ["customAppName": JSON(try await preferences.text(of: "custom_app_name"))])
    }

    @Sendable private func hasDefaultLogo(_ request: Request, _ context: APIContext) async throws -> Response {
        let name = try await preferences.text(of: "logo_filename")
        return Response(json: ["isDefaultLogo": .bool(name == nil || name == Self.defaultLogo)])
    }

    /// As other programs name the picture that they come with.
    private static let defaultLogo = "anything-llm.png"

    @Sendable private func update(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        let sent = payload.object.members.map { (name: $0.key, value: Preference.Sent($0.value, for: $0.key)) }
        let outcome = try await preferences.update(sent, by: context.caller)
        let rejected = outcome.rejected.map { (key: $0.name, value: JSON.string($0.reason)) }
        return Response(
            json: [
                "success": true, "error": .null, "rejected": .object(JSONObject(members: rejected)),
                "unknownKeys": .array(outcome.unknown.map(JSON.string)),
                "warnings": .array(outcome.warnings.map(JSON.string)), "reembedding": .bool(outcome.reembeds),
            ])
    }
}

extension Preferences.Shown {
    fileprivate var json: JSON {
        switch self {
        case .text(let text): .string(text)
        case .names(let names): .array(names.map(JSON.string))
        case .fields(let fields): .object(JSONObject(fields))
        case .entries(let entries): .array(entries.map { .object(JSONObject($0)) })
        }
    }
}

extension Preference.Sent {
    init(_ value: JSON, for name: String) {
        let shape = Preference.named(name)?.shape ?? .plain
        switch value {
        case .null: self = .null
        case .bool(let flag): self = shape == .fields && !flag ? .null : .bool(flag)
        case .integer(let number): self = .number(Double(number))
        case .number(let number): self = .number(number)
        case .string(let text):
            guard shape != .plain, !text.isEmpty, !text.allSatisfy({ $0 == "*" }) else {
                self = .text(text)
                return
            }
            self = (try? JSON(parsing: text)).map { Self.composite($0, shape, name) } ?? .invalid("must be JSON")
        case .array(let items):
            let texts = items.compactMap(\.stringValue)
            let isList = texts.count == items.count && shape == .plain
            self = isList ? .list(texts) : Self.composite(value, shape, name)
        case .object: self = Self.composite(value, shape, name)
        }
    }

    private static func composite(_ value: JSON, _ shape: Preference.Shape, _ name: String) -> Preference.Sent {
        switch shape {
        case .fields:
            return value.objectValue.flatMap(attributes).map(Preference.Sent.fields)
                ?? .invalid("must be an object of texts and numbers")
        case .entries:
            let entries = value.arrayValue?.map { $0.objectValue.flatMap(attributes) }
            guard let entries, !entries.contains(nil) else { return .invalid("must be an array of objects of texts") }
            return .entries(entries.compactMap(\.self))
        case .json, .plain: break
        }
        guard value.objectValue != nil || value.arrayValue != nil else {
            return .invalid("must be an object or an array")
        }
        // A mask in the place of a secret would take the secret's place for good.
        guard !value.text.contains("******") else { return .invalid("holds a masked value; send it whole") }
        return name == "footer_data" ? links(value) : .composite(value.text)
    }

    /// Null and an empty text say the same; `nil` where a value has parts.
    private static func attributes(_ object: JSONObject) -> [Attribute]? {
        var attributes: [Attribute] = []
        for member in object.members {
            let value = member.value == .null ? .text("") : member.value.scalar
            guard let value else { return nil }
            attributes.append(Attribute(member.key, value))
        }
        return attributes
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
