import Domain
import OrderedJSON

extension ToolParameters {
    /// The JSON Schema of the arguments; `nil` where a client wrote something that is no JSON.
    var schema: JSON? {
        switch self {
        case .schema(let text): return try? JSON(parsing: text)
        case .named(let parameters):
            let properties = parameters.map { parameter -> (key: String, value: JSON) in
                let kind = JSON.string(parameter.kind.rawValue)
                return (parameter.name, ["type": kind, "description": .string(parameter.description)])
            }
            return [
                "type": "object", "properties": .object(JSONObject(members: properties)),
                "required": .array(parameters.filter(\.isRequired).map { .string($0.name) }),
                "additionalProperties": false,
            ]
        }
    }
}

extension ToolCall {
    /// The arguments as an object; empty where the model wrote something else.
    var argumentsObject: JSON {
        guard let json = try? JSON(parsing: arguments), json.objectValue != nil else { return [:] }
        return json
    }
}

extension MediaAttachment {
    /// The content of a `data:` URL, in base64; `nil` for a web address.
    var base64: String? {
        guard url.hasPrefix("data:"), let start = url.firstRange(of: ";base64,")?.upperBound else { return nil }
        return String(url[start...])
    }
}
