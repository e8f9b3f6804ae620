import Domain
import OrderedJSON

extension ToolResult {
    /// What a tool said, as a model can read it: texts as they are, what is none by what it is.
    init(_ result: JSONObject) {
        var parts = (result["content"]?.arrayValue ?? []).compactMap(Self.text)
        if parts.isEmpty, let structured = result["structuredContent"], structured != .null {
            parts = [structured.text]
        }
        var text = parts.joined(separator: "\n")
        if text.utf8.count > MCPLimits.maximumResult {
            text =
                text.shortened(toUTF16: MCPLimits.maximumResult / 4)
                + "\n(The result was too long; this is its beginning.)"
        }
        if text.isEmpty { text = "The tool said nothing." }
        self.init(text: text, isError: result["isError"] == true)
    }

    private static func text(_ content: JSON) -> String? {
        switch content["type"]?.stringValue {
        case "text": content["text"]?.stringValue
        case "image", "audio":
            "(\(content["type"]?.stringValue ?? ""), \(content["mimeType"]?.stringValue ?? "of an unknown type"), which cannot be shown here)"
        case "resource_link":
            "\(content["title"]?.stringValue ?? content["name"]?.stringValue ?? "Resource"): \(content["uri"]?.stringValue ?? "")"
        case "resource": resource(content["resource"])
        default: nil
        }
    }

    private static func resource(_ resource: JSON?) -> String? {
        let address = resource?["uri"]?.stringValue ?? ""
        if let text = resource?["text"]?.stringValue { return "\(address)\n\(text)" }
        return "(\(address), \(resource?["mimeType"]?.stringValue ?? "of an unknown type"), which cannot be shown here)"
    }
}
