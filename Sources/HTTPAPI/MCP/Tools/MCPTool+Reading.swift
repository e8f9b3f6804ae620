import Domain
import Engine
import OrderedJSON

extension MCPTool {
    static func readDocument(_ library: MCPLibrary) -> MCPTool {
        MCPTool(
            name: "read_document", title: "Read a document",
            description: "Reads the text of one document from a given place on, a part at a time.",
            parameters: [
                MCPParameter(
                    "document", .text(maximum: 4000), "Its address (lectern://documents/…) or its title.",
                    isRequired: true),
                MCPParameter("start", .wholeNumber(0...1_000_000_000), "The character to begin at; 0 unless given."),
                MCPParameter("length", .wholeNumber(1...100_000), "Characters to read; 20000 unless given."),
            ],
            output: MCPSchema.object(
                [
                    "title": MCPSchema.text, "uri": MCPSchema.text, "text": MCPSchema.text,
                    "start": MCPSchema.wholeNumber, "end": MCPSchema.wholeNumber, "length": MCPSchema.wholeNumber,
                    "next": MCPSchema.wholeNumber,
                ], required: ["title", "uri", "text", "start", "end", "length"]),
            effect: .reads, permission: .search
        ) { arguments, call in
            let name = arguments.text("document") ?? ""
            let document = try await library.document(name, for: call.caller)
            let start = arguments.number("start") ?? DocumentURI(name)?.start ?? 0
            let length = arguments.number("length") ?? 20_000
            guard let part = try await library.part(of: document, from: start, length: length) else {
                throw MCPToolFailure("The document is gone.")
            }
            return result(part, of: document)
        }
    }

    private static func result(_ part: TextPart, of document: Document) -> MCPToolResult {
        let (start, end) = (part.range.lowerBound, part.range.upperBound)
        let rest = part.next.map { "Go on with start \($0)." } ?? "That is the end."
        var result: JSONObject = [
            "title": .string(document.title), "uri": .string(DocumentURI(document.path).text),
            "text": .string(part.text), "start": JSON(start), "end": JSON(end), "length": JSON(part.wholeLength),
        ]
        result["next"] = part.next.map { JSON($0) }
        return MCPToolResult(
            text: "\(document.title), characters \(start) to \(end) of \(part.wholeLength). \(rest)\n\n\(part.text)",
            structured: result)
    }
}
