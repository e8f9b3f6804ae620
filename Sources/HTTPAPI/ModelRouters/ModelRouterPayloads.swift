import Domain
import HTTPTypes
import OrderedJSON
import Persistence

extension ModelRouter {
    var json: JSON {
        [
            "id": .integer(id), "name": .string(settings.name), "description": JSON(settings.description),
            "fallbackProvider": .string(settings.fallback.provider), "fallbackModel": JSON(settings.fallback.model),
            "cooldownSeconds": JSON(settings.cooldownSeconds), "rules": .array(settings.rules.map(\.stored)),
            "createdAt": .string(createdAt.iso8601), "lastUpdatedAt": .string(lastUpdatedAt.iso8601),
        ]
    }
}

extension ModelRouterSettings {
    /// Applies what was sent; what was not stays as it is.
    ///
    /// - Throws: 400 with the reason; nothing has changed then.
    mutating func apply(_ payload: RequestPayload) throws(APIError) {
        var changed = self
        if let value = payload["name"] { changed.name = try Self.text(value, "name") }
        if let value = payload["description"] { changed.description = try Self.textOrNull(value, "description") }
        if let value = payload["fallbackProvider"] {
            changed.fallback.provider = try Self.text(value, "fallbackProvider")
        }
        if let value = payload["fallbackModel"] { changed.fallback.model = try Self.textOrNull(value, "fallbackModel") }
        if let value = payload["cooldownSeconds"] {
            guard let seconds = value.integerValue else { throw Self.wrong("cooldownSeconds", "a whole number") }
            changed.cooldownSeconds = Int(clamping: seconds)
        }
        if let value = payload["rules"] {
            guard let entries = value.arrayValue else { throw Self.wrong("rules", "an array") }
            var rules: [RoutingRule] = []
            for (place, entry) in entries.enumerated() { rules.append(try RoutingRule(entry, at: "rules[\(place)]")) }
            changed.rules = rules
        }
        self = changed
    }

    fileprivate static func wrong(_ field: String, _ what: String) -> APIError {
        APIError(.badRequest, message: "\(field) must be \(what).")
    }

    fileprivate static func text(_ value: JSON?, _ field: String) throws(APIError) -> String {
        guard let text = value?.stringValue else { throw wrong(field, "a text") }
        return text.trimmed
    }

    fileprivate static func textOrNull(_ value: JSON?, _ field: String) throws(APIError) -> String? {
        guard let value, value != .null else { return nil }
        let text = try text(value, field)
        return text.isEmpty ? nil : text
    }
}

extension RoutingRule {
    /// - Parameter place: for messages.
    fileprivate init(_ json: JSON, at place: String) throws(APIError) {
        typealias Fields = ModelRouterSettings
        guard json.objectValue != nil else { throw Fields.wrong(place, "an object") }
        let test: Test
        switch json["type"]?.stringValue {
        case "calculated":
            guard let entries = json["conditions"]?.arrayValue else {
                throw Fields.wrong("\(place).conditions", "an array")
            }
            var conditions: [RoutingCondition] = []
            for (number, entry) in entries.enumerated() {
                conditions.append(try RoutingCondition(entry, at: "\(place).conditions[\(number)]"))
            }
            guard let match = (json["match"] ?? "all").stringValue, ["all", "any"].contains(match) else {
                throw Fields.wrong("\(place).match", "all or any")
            }
            test = .conditions(conditions, any: match == "any")
        case "llm": test = .judgement(try Fields.text(json["description"], "\(place).description"))
        default: throw Fields.wrong("\(place).type", "calculated or llm")
        }
        let model = try Fields.textOrNull(json["model"], "\(place).model")
        self.init(
            name: try Fields.textOrNull(json["name"], "\(place).name") ?? "", test: test,
            route: ModelRoute(provider: try Fields.text(json["provider"], "\(place).provider"), model: model))
        guard let enabled = (json["enabled"] ?? true).boolValue else {
            throw Fields.wrong("\(place).enabled", "true or false")
        }
        isEnabled = enabled
    }
}

extension RoutingCondition {
    fileprivate init(_ json: JSON, at place: String) throws(APIError) {
        guard let property = json["property"]?.stringValue.flatMap(Property.init) else {
            throw ModelRouterSettings.wrong(
                "\(place).property", "one of \(Property.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        guard let comparator = json["comparator"]?.stringValue.flatMap(Comparator.init) else {
            throw ModelRouterSettings.wrong(
                "\(place).comparator", "one of \(Comparator.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self.init(property, comparator, try Self.value(json["value"], at: "\(place).value"))
    }

    /// A text, number or boolean, or several in an array.
    private static func value(_ json: JSON?, at place: String) throws(APIError) -> String {
        switch json {
        case .string(let text)?: return text
        case .integer?, .number?, .bool?: return json?.text ?? ""
        case .array(let items)?:
            var parts: [String] = []
            for item in items {
                if case .array = item { throw ModelRouterSettings.wrong(place, "texts or numbers") }
                parts.append(try value(item, at: place))
            }
            return parts.joined(separator: ",")
        default: throw ModelRouterSettings.wrong(place, "a text, a number, or an array of them")
        }
    }
}
