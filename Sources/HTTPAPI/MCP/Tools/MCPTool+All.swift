import OrderedJSON

extension MCPTool {
    /// Every tool there is; a client is shown those that it may use.
    static func all(_ library: MCPLibrary) -> [MCPTool] {
        [
            search(library), ask(library), listWorkspaces(library), listDocuments(library), readDocument(library),
            uploadDocument(library),
        ]
    }
}

extension MCPParameter {
    static let workspace = MCPParameter(
        "workspace", .text(maximum: 1000), "The workspace's slug; need not be said where there is only one.")
}

/// Schemas of what tools answer.
enum MCPSchema {
    static func object(_ properties: JSONObject, required: [String]) -> JSON {
        [
            "type": "object", "properties": .object(properties), "required": .array(required.map(JSON.string)),
        ]
    }

    static func list(of item: JSON) -> JSON { ["type": "array", "items": item] }

    static let text: JSON = ["type": "string"]
    static let number: JSON = ["type": "number"]
    static let wholeNumber: JSON = ["type": "integer"]
    static let flag: JSON = ["type": "boolean"]
    static let warnings = list(of: text)

    /// Where a statement is from, see `Source.cited`.
    static let source = object(
        [
            "number": wholeNumber, "title": text, "uri": text, "place": text, "headings": list(of: text),
            "score": number, "start": wholeNumber, "end": wholeNumber, "text": text,
        ], required: ["number", "title", "text"])
}
