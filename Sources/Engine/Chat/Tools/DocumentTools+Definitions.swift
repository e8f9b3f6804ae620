import Domain

extension DocumentTools {
    /// What a model is told of the tools.
    static let definitions: [ToolDefinition] = [
        tool(
            .search,
            """
            Finds passages of the workspace's documents by meaning. Use it when the context given so far does not \
            hold the answer, with other words or for another part of the question.
            """,
            [
                ToolParameter("query", .string, "What to look for, as a full phrase.", isRequired: true),
                ToolParameter("limit", .integer, "How many passages, 1 to 20; 6 unless given."),
            ]),
        tool(
            .list, "Lists the documents of the workspace with their titles, lengths, dates and ids.",
            [ToolParameter("offset", .integer, "How many documents to pass over.")]),
        tool(
            .read, "Reads the text of one document from a given place on, as much as fits.",
            [
                ToolParameter("document", .string, "Its id or its title.", isRequired: true),
                ToolParameter("start", .integer, "The character to begin at; 0 unless given."),
            ]),
        tool(
            .summarize, "Summarises one document as a whole, however long it is.",
            [
                ToolParameter("document", .string, "Its id or its title.", isRequired: true),
                ToolParameter("focus", .string, "What the summary is to attend to, if anything."),
            ]),
    ]

    private static func tool(_ name: Name, _ description: String, _ parameters: [ToolParameter]) -> ToolDefinition {
        ToolDefinition(name: name.rawValue, description: description, parameters: .named(parameters))
    }
}
