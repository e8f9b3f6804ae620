import Domain
import Engine
import OrderedJSON

extension MCPTool {
    static func listWorkspaces(_ library: MCPLibrary) -> MCPTool {
        MCPTool(
            name: "list_workspaces", title: "List workspaces",
            description: "Lists the workspaces, each a set of documents that is searched together, with their slugs.",
            parameters: [
                MCPParameter("offset", .wholeNumber(0...1_000_000), "How many workspaces to pass over.")
            ],
            output: MCPSchema.object(
                [
                    "workspaces": MCPSchema.list(
                        of: MCPSchema.object(
                            ["slug": MCPSchema.text, "name": MCPSchema.text, "documents": MCPSchema.wholeNumber],
                            required: ["slug", "name", "documents"])),
                    "total": MCPSchema.wholeNumber, "nextOffset": MCPSchema.wholeNumber,
                ], required: ["workspaces", "total"]),
            effect: .reads, permission: .readWorkspaces
        ) { arguments, call in
            let all = try await library.workspaces.all(for: call.caller)
            let counts = try await library.statistics.documentCounts(for: call.caller)
            let offset = arguments.number("offset") ?? 0
            let page = all.dropFirst(offset).prefix(workspacesPerPage)
            let lines = page.map { "- \($0.slug): \($0.name), \(counts[$0.id] ?? 0) documents" }
            let rows = page.map { workspace -> JSON in
                [
                    "slug": .string(workspace.slug), "name": .string(workspace.name),
                    "documents": JSON(counts[workspace.id] ?? 0),
                ]
            }
            return listing("workspaces", lines, rows, offset: offset, total: all.count)
        }
    }

    static func listDocuments(_ library: MCPLibrary) -> MCPTool {
        MCPTool(
            name: "list_documents", title: "List documents",
            description: """
                Lists documents with their titles, lengths and addresses: those of one workspace, or all that there are.
                """,
            parameters: [
                MCPParameter("workspace", .text(maximum: 1000), "Only those of the workspace of this slug."),
                MCPParameter("search", .text(maximum: 1000), "Only those whose title or name holds these words."),
                MCPParameter("limit", .wholeNumber(1...200), "How many documents; 50 unless given."),
                MCPParameter("offset", .wholeNumber(0...10_000_000), "How many documents to pass over."),
            ],
            output: MCPSchema.object(
                [
                    "documents": MCPSchema.list(
                        of: MCPSchema.object(
                            [
                                "title": MCPSchema.text, "uri": MCPSchema.text, "words": MCPSchema.wholeNumber,
                                "published": MCPSchema.text, "description": MCPSchema.text,
                            ], required: ["title", "uri", "words"])),
                    "total": MCPSchema.wholeNumber, "nextOffset": MCPSchema.wholeNumber,
                ], required: ["documents", "total"]),
            effect: .reads, permission: .readWorkspaces
        ) { arguments, call in
            let (offset, limit) = (arguments.number("offset") ?? 0, arguments.number("limit") ?? 50)
            let words = arguments.text("search")
            let (documents, total): ([Document], Int)
            if let name = arguments.text("workspace") {
                let workspace = try await library.workspace(name, for: call.caller)
                let all = try await library.documents.documents(in: workspace, for: call.caller).map(\.document)
                let found = all.filter { $0.holds(words) }
                (documents, total) = (Array(found.dropFirst(offset).prefix(limit)), found.count)
            } else {
                (documents, total) = try await library.documents(
                    matching: words, offset: offset, limit: limit, for: call.caller)
            }
            let lines = documents.map { "- \($0.title), \($0.wordCount) words: \(DocumentURI($0.path).text)" }
            return listing("documents", lines, documents.map(\.listed), offset: offset, total: total)
        }
    }

    private static var workspacesPerPage: Int { 200 }

    /// - Parameter noun: of what is listed, which the result has it under.
    private static func listing(
        _ noun: String, _ lines: [String], _ rows: [JSON], offset: Int, total: Int
    ) -> MCPToolResult {
        let end = offset + rows.count
        var text = rows.isEmpty ? "There are \(total) \(noun), none from there." : ""
        if !rows.isEmpty {
            text = "\(noun.prefix(1).uppercased())\(noun.dropFirst()) \(offset + 1) to \(end) of \(total):\n"
            text += lines.joined(separator: "\n")
        }
        var result = JSONObject(members: [(key: noun, value: JSON.array(rows)), (key: "total", value: JSON(total))])
        if end < total, !rows.isEmpty {
            text += "\nMore with offset \(end)."
            result["nextOffset"] = JSON(end)
        }
        return MCPToolResult(text: text, structured: result)
    }
}

extension Document {
    fileprivate var listed: JSON {
        var object: JSONObject = [
            "title": .string(title), "uri": .string(DocumentURI(path).text), "words": JSON(wordCount),
            "published": .string(published),
        ]
        if !description.isEmpty { object["description"] = .string(description) }
        return .object(object)
    }

    /// Whether title and name hold all of these words, in any case.
    fileprivate func holds(_ words: String?) -> Bool {
        let text = "\(title)\n\(path.name)".caseFolded
        return (words ?? "").split(whereSeparator: \.isWhitespace).allSatisfy { text.contains(String($0).caseFolded) }
    }
}
