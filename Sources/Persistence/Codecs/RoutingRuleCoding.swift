import Domain
package import OrderedJSON

/// A rule as it is stored and as clients write it.
extension RoutingRule {
    package var stored: JSON {
        var json: JSONObject = ["name": .string(name), "enabled": .bool(isEnabled)]
        switch test {
        case .conditions(let conditions, let any):
            json["type"] = "calculated"
            json["match"] = any ? "any" : "all"
            json["conditions"] = .array(
                conditions.map {
                    [
                        "property": .string($0.property.rawValue), "comparator": .string($0.comparator.rawValue),
                        "value": .string($0.value),
                    ]
                })
        case .judgement(let description):
            json["type"] = "llm"
            json["description"] = .string(description)
        }
        json["provider"] = .string(route.provider)
        json["model"] = JSON(route.model)
        return .object(json)
    }

    /// `nil` for what a later version has stored.
    init?(stored json: JSON) {
        guard let name = json["name"]?.stringValue, let provider = json["provider"]?.stringValue else { return nil }
        let test: Test
        switch json["type"]?.stringValue {
        case "calculated":
            let entries = json["conditions"]?.arrayValue ?? []
            let conditions = entries.compactMap(RoutingCondition.init(stored:))
            guard conditions.count == entries.count else { return nil }
            test = .conditions(conditions, any: json["match"] == "any")
        case "llm": test = .judgement(json["description"]?.stringValue ?? "")
        default: return nil
        }
        self.init(name: name, test: test, route: ModelRoute(provider: provider, model: json["model"]?.stringValue))
        isEnabled = json["enabled"]?.boolValue ?? true
    }
}

extension RoutingCondition {
    fileprivate init?(stored json: JSON) {
        guard let property = json["property"]?.stringValue.flatMap(Property.init),
            let comparator = json["comparator"]?.stringValue.flatMap(Comparator.init)
        else { return nil }
        self.init(property, comparator, json["value"]?.stringValue ?? "")
    }
}
