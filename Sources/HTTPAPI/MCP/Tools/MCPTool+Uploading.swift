import Domain
import Engine
import OrderedJSON

extension MCPTool {
    static func uploadDocument(_ library: MCPLibrary) -> MCPTool {
        MCPTool(
            name: "upload_document", title: "Add a document",
            description: """
                Adds a document, from a text or from a file's bytes in base64, to the library and to a workspace, where it \
                can be searched then. The same content in the same folder is not added twice.
                """,
            parameters: [
                MCPParameter(
                    "name", .text(maximum: 1000), "The file's name with its extension, or the title of a text.",
                    isRequired: true),
                MCPParameter("text", .text(maximum: maximumContent), "The content as a text."),
                MCPParameter(
                    "base64", .text(maximum: maximumContent),
                    "The content of a file, in base64; either this or text is given."),
                MCPParameter(
                    "workspace", .text(maximum: 1000),
                    "The slug of the workspace that it goes into; else into the library alone."),
                MCPParameter("folder", .text(maximum: 1000), "The library's folder for it."),
                MCPParameter("title", .text(maximum: 4000), "What to call the document; else as its file does."),
                MCPParameter(
                    "on_duplicate", .choice(Ingestion.DuplicatePolicy.allCases.map(\.rawValue)),
                    "What becomes of a document that is there already: skip adds none of the same content, replace gives the "
                        + "document of this name the new content, keep adds another one. skip unless given."),
            ],
            output: MCPSchema.object(
                [
                    "documents": MCPSchema.list(
                        of: MCPSchema.object(
                            ["title": MCPSchema.text, "uri": MCPSchema.text, "words": MCPSchema.wholeNumber],
                            required: ["title", "uri", "words"])),
                    "workspace": MCPSchema.text, "duplicates": MCPSchema.text, "warnings": MCPSchema.warnings,
                ], required: ["documents"]),
            effect: .adds, permission: .addDocuments, takesLong: true
        ) { arguments, call in
            try await library.ingestion.requireRoom()
            let workspace: Workspace? =
                if let name = arguments.text("workspace") { try await library.workspace(name, for: call.caller) } else {
                    nil
                }
            let (wishes, content) = (try wishes(arguments, workspace), try content(arguments))
            let job = try await library.submit(content, arguments.text("name") ?? "", wishes, by: call.caller)
            try await call.progress.tell("Reading and embedding the document.")
            let (made, outcome) = try await library.ingestion.result(of: job)
            return result(made.map(\.document), outcome, in: workspace)
        }
    }

    /// Bytes that an argument may have; what a message may is less, and a file's limit holds besides.
    private static var maximumContent: Int { 32 << 20 }

    private static func content(_ arguments: MCPArguments) throws(MCPToolFailure) -> UploadedContent {
        switch (arguments.text("text"), arguments.text("base64")) {
        case (let text?, nil): return .text(text)
        case (nil, let encoded?):
            guard let bytes = [UInt8](base64: encoded.utf8), !bytes.isEmpty else {
                throw MCPToolFailure("base64 is not encoded as it says.")
            }
            return .file(bytes)
        case (nil, nil): throw MCPToolFailure("There is nothing to add: give a text, or a file in base64.")
        case (_?, _?): throw MCPToolFailure("Give a text or a file in base64, not both.")
        }
    }

    private static func wishes(
        _ arguments: MCPArguments, _ workspace: Workspace?
    ) throws(MCPToolFailure) -> IngestionService.Wishes {
        var metadata = DocumentMetadata()
        metadata.title = arguments.text("title")
        var wishes = IngestionService.Wishes(
            metadata: metadata, workspaces: workspace.map { [$0.slug] } ?? [], isAwaited: true,
            duplicates: arguments.text("on_duplicate").flatMap(Ingestion.DuplicatePolicy.init(rawValue:)) ?? .skip)
        if let folder = arguments.text("folder") {
            do throws(FolderName.Flaw) { wishes.folder = try FolderName(new: folder).text } catch {
                throw MCPToolFailure("No folder can be called \(folder.prefix(100)).")
            }
        }
        return wishes
    }

    private static func result(
        _ documents: [Document], _ outcome: IngestionOutcome, in workspace: Workspace?
    ) -> MCPToolResult {
        let problems =
            documents.compactMap { outcome.failures[$0.id] }
            + outcome.placements.compactMap { $0.error.map { "It is not in the workspace: \($0)" } }
        let rows = documents.map { document -> JSON in
            [
                "title": .string(document.title), "uri": .string(DocumentURI(document.path).text),
                "words": JSON(document.wordCount),
            ]
        }
        let verb = outcome.duplicates == .skip ? "Already there" : outcome.duplicates == .replace ? "Replaced" : "Added"
        var lines = documents.map { "\(verb): \($0.title), \($0.wordCount) words (\(DocumentURI($0.path).text))" }
        lines += problems.map { "Problem: \($0)" } + outcome.warnings.map { "Warning: \($0)" }
        var result: JSONObject = ["documents": .array(rows)]
        result["workspace"] = workspace.map { .string($0.slug) }
        result["duplicates"] = outcome.duplicates.map { .string($0.rawValue) }
        if !(problems + outcome.warnings).isEmpty {
            result["warnings"] = .array((problems + outcome.warnings).map(JSON.string))
        }
        return MCPToolResult(text: lines.joined(separator: "\n"), structured: result, isError: !problems.isEmpty)
    }
}

private enum UploadedContent {
    case text(String)
    case file([UInt8])
}

extension MCPLibrary {
    /// Has a job made of the content. A text whose name ends like a file's is read as that file would be.
    fileprivate func submit(
        _ content: UploadedContent, _ name: String, _ wishes: IngestionService.Wishes, by caller: Caller
    ) async throws -> Job {
        let bytes: [UInt8]
        switch content {
        case .text(let text) where !name.contains("."):
            var wishes = wishes
            wishes.metadata.title = wishes.metadata.title ?? name
            return try await ingestion.submit(text, wishes, by: caller)
        case .text(let text): bytes = Array(text.utf8)
        case .file(let file): bytes = file
        }
        let writer = try await ingestion.spool.makeWriter(maximumBytes: uploadLimits.maximumFileBytes)
        let file: SpooledFile
        do {
            try await writer.append(bytes)
            file = try await writer.finish()
        } catch {
            await writer.discard()
            throw error
        }
        return try await ingestion.submit(file, from: .file(named: ClientFileName.sanitized(name)), wishes, by: caller)
    }
}
