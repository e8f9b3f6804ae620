import Domain

extension DocumentTools {
    /// What a model is told of the tools.
    static let definitions: [ToolDefinition] = [
        ToolDefinition(
            name: Name.search.rawValue,
            description: """
                Finds passages of the workspace's documents by meaning. Use it when the context given so far does not \
                hold the answer, with other words or for another part of the question.
                """,
            parameters: object(
                [
                    "query": ["type": "string", "description": "What to look for, as a full phrase."],
                    "limit": ["type": "integer", "description": "How many passages, 1 to 20; 6 unless given."],
                ], required: ["query"])),
        ToolDefinition(
            name: Name.list.rawValue,
            description: "Lists the documents of the workspace with their titles, lengths, dates and ids.",
            parameters: object(
                ["offset": ["type": "integer", "description": "How many documents to pass over."]], required: [])),
        ToolDefinition(
            name: Name.read.rawValue,
            description: "Reads the text of one document from a given place on, as much as fits.",
            parameters: object(
                [
                    "document": ["type": "string", "description": "Its id or its title."],
                    "start": ["type": "integer", "description": "The character to begin at; 0 unless given."],
                ], required: ["document"])),
        ToolDefinition(
            name: Name.summarize.rawValue,
            description: "Summarises one document as a whole, however long it is.",
            parameters: object(
                [
                    "document": ["type": "string", "description": "Its id or its title."],
                    "focus": ["type": "string", "description": "What the summary is to attend to, if anything."],
                ], required: ["document"])),
    ]

    /// JSON Schema of the arguments.
    private static func object(_ properties: JSONObject, required: [JSON]) -> JSON {
        [
            "type": "object", "properties": .object(properties), "required": .array(required),
            "additionalProperties": false,
        ]
    }
}
