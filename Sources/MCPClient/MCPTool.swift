import Domain
import OrderedJSON

/// A tool as its server describes it.
struct MCPTool: Sendable, Equatable {
    let name: String
    let title: String
    let description: String
    /// JSON Schema of an object.
    let schema: String

    /// UTF-16 code units of a description; models read all of it with each question.
    private static let longestDescription = 2000
    /// Bytes of a schema.
    private static let longestSchema = 32 << 10
    /// UTF-16 code units.
    private static let longestName = 256

    /// `nil` for what is no tool, or one that no model can be told of.
    init?(_ json: JSON) {
        guard let name = json["name"]?.stringValue, !name.isEmpty, name.utf16.count <= Self.longestName else {
            return nil
        }
        self.name = name
        let titles = [json["title"]?.stringValue, json["annotations"]?["title"]?.stringValue]
        title = titles.compactMap(\.self).first { !$0.isEmpty }?.shortened(toUTF16: Self.longestName) ?? name
        description = (json["description"]?.stringValue ?? "").shortened(toUTF16: Self.longestDescription)
        var object = json["inputSchema"]?.objectValue ?? [:]
        object["type"] = "object"
        // Some providers refuse a schema without them.
        if object["properties"]?.objectValue == nil { object["properties"] = [:] }
        // What dialect it is in, providers do not ask, and some refuse to be told.
        object["$schema"] = nil
        schema = JSON.object(object).text
        guard schema.utf8.count <= Self.longestSchema else { return nil }
    }
}

/// Names for tools that are unlike each other and that every provider takes: `[a-zA-Z0-9_-]{1,64}`.
enum ToolNames {
    private static let maximumLength = 64

    /// `server-tool` where that is such a name; else what can be kept of it, with a hash that tells it from others.
    static func name(of tool: String, server: String, isTaken: (String) -> Bool) -> String {
        let whole = "\(server)-\(tool)"
        let clean = String(
            String.UnicodeScalarView(whole.unicodeScalars.map { isAllowed($0) ? $0 : "_" }))
        if clean == whole, clean.utf8.count <= maximumLength, !isTaken(clean) { return clean }
        let hash = FNV1a("\(server)\0\(tool)").hexadecimal.suffix(8)
        return "\(clean.prefix(maximumLength - 9))-\(hash)"
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
        default: false
        }
    }
}
