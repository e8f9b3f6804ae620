import Domain
import Persistence

/// The tools of a workspace: they read what it holds and change nothing, so that whatever a document talks a model into stays
/// harmless.
struct DocumentTools: Sendable {
    /// What a tool said.
    struct Outcome: Sendable {
        var text: String
        var sources: [Source] = []
        var isError = false

        static func error(_ message: String) -> Outcome { Outcome(text: "Error: \(message)", isError: true) }
    }

    let workspace: Workspace
    let retriever: Retriever
    let memberships: WorkspaceDocumentStore
    let documents: DocumentStore
    let summarizer: DocumentSummarizer
    let tokens: TokenCounter

    enum Name: String, CaseIterable {
        case search = "search_documents"
        case list = "list_documents"
        case read = "read_document"
        case summarize = "summarize_document"
    }

    /// Passages that one search gives at most.
    private static let maximumPassages = 20
    /// `[12]`.
    private static let tokensPerNumber = 3
    /// Documents that one listing names at most.
    private static let documentsPerPage = 100
    /// Characters of one argument that are looked at.
    private static let maximumArgumentLength = 4000

    /// Runs one call. What the model got wrong is told to the model, and so is a document that is not there; what is wrong
    /// here throws.
    ///
    /// - Parameters:
    ///   - room: tokens that the result may have.
    ///   - number: by which the answer may cite a source.
    ///   - note: is told of each step of long work.
    func run(
        _ call: ToolCall, room: Int, number: (Source) -> Int, note: (String) async throws -> Void
    ) async throws -> Outcome {
        guard let name = Name(rawValue: call.name) else {
            return .error("there is no tool \(call.name.prefix(100)).")
        }
        guard let arguments = call.values else { return .error("the arguments are not a JSON object.") }
        switch name {
        case .search: return try await search(arguments, room: room, number: number)
        case .list: return try await list(arguments)
        case .read:
            return try await withDocument(arguments) { try await read($0, arguments, room: room, number: number) }
        case .summarize:
            return try await withDocument(arguments) { try await summarize($0, arguments, note: note) }
        }
    }

    /// What is being done, for people.
    static func thought(about call: ToolCall) -> String {
        let arguments = call.values ?? [:]
        let document = text("document", in: arguments) ?? "a document"
        return switch Name(rawValue: call.name) {
        case .search: "Searching the documents for “\(text("query", in: arguments) ?? "")”."
        case .list: "Listing the documents."
        case .read: "Reading \(document)."
        case .summarize: "Summarising \(document)."
        case nil: "Calling \(call.name.prefix(100))."
        }
    }

    // MARK: Arguments

    private static func text(_ name: String, in arguments: [String: Scalar]) -> String? {
        guard case .text(let text) = arguments[name], !text.isEmpty else { return nil }
        return String(text.prefix(maximumArgumentLength))
    }

    /// Models send numbers as texts, too.
    private static func number(_ name: String, in arguments: [String: Scalar]) -> Int? {
        switch arguments[name] {
        case .integer(let integer): Int(integer)
        case .number(let number): Int(exactly: number.rounded())
        case .text(let text): Int(text)
        case .bool, nil: nil
        }
    }

    // MARK: Tools

    private func search(
        _ arguments: [String: Scalar], room: Int, number: (Source) -> Int
    ) async throws -> Outcome {
        guard let query = Self.text("query", in: arguments) else { return .error("query is missing.") }
        let limit = min(max(Self.number("limit", in: arguments) ?? 6, 1), Self.maximumPassages)
        let hits = try await retriever.search(
            [query], in: workspace.id, limit: limit, threshold: workspace.settings.similarityThreshold,
            mode: workspace.settings.vectorSearchMode
        ).hits
        guard !hits.isEmpty else { return Outcome(text: "Nothing in the documents is near this query.") }
        var outcome = Outcome(text: "")
        var left = room
        for hit in hits {
            let passage = " \(hit.chunk.citation)\n\(hit.chunk.chunk.text)\n\n"
            left -= tokens.tokens(in: passage) + Self.tokensPerNumber
            if left < 0, !outcome.text.isEmpty { break }
            let source = Source(hit)
            outcome.text += "[\(number(source))]" + passage
            outcome.sources.append(source)
        }
        return outcome
    }

    private func list(_ arguments: [String: Scalar]) async throws -> Outcome {
        let all = try await memberships.all(in: workspace.id)
        let start = min(max(Self.number("offset", in: arguments) ?? 0, 0), all.count)
        let page = all[start...].prefix(Self.documentsPerPage)
        guard !page.isEmpty else {
            return Outcome(text: "The workspace holds \(all.count) documents, none from there.")
        }
        var lines = ["Documents \(start + 1) to \(start + page.count) of \(all.count):"]
        for member in page {
            let document = member.document
            lines.append("- \(document.title) (\(document.wordCount) words, \(document.published)), id \(member.docID)")
        }
        if start + page.count < all.count { lines.append("More with offset \(start + page.count).") }
        return Outcome(text: lines.joined(separator: "\n"))
    }

    private func read(
        _ member: WorkspaceDocument, _ arguments: [String: Scalar], room: Int, number: (Source) -> Int
    ) async throws -> Outcome {
        guard let content = try await documents.content(id: member.document.contentID) else {
            return .error("the document is gone.")
        }
        let text = content.parsed.text
        let length = text.utf16.count
        let wanted = min(max(Self.number("start", in: arguments) ?? 0, 0), length)
        var start = text.utf16.index(text.startIndex, offsetBy: wanted)
        if start < text.endIndex { start = text.index(before: text.index(after: start)) }
        let offset = start.utf16Offset(in: text)
        let part = tokens.prefix(of: String(text[start...]), tokens: max(64, room - 64))
        let end = offset + part.utf16.count
        let rest = end < length ? " Go on with start \(end)." : " That is the end."
        var source = Source(member, text: String(part))
        source.place = Source.Place(range: offset..<end)
        return Outcome(
            text:
                "[\(number(source))] \(member.document.title), characters \(offset) to \(end) of \(length).\(rest)\n\n\(part)",
            sources: [source])
    }

    private func summarize(
        _ member: WorkspaceDocument, _ arguments: [String: Scalar], note: (String) async throws -> Void
    ) async throws -> Outcome {
        guard let content = try await documents.content(id: member.document.contentID) else {
            return .error("the document is gone.")
        }
        let summary = try await summarizer.summary(
            of: content.parsed.text, titled: member.document.title, focus: Self.text("focus", in: arguments),
            note: note)
        guard let summary else { return .error("the model gave no summary.") }
        return Outcome(text: summary, sources: [Source(member, text: content.parsed.text)])
    }

    /// Finds the document that the model means: by id, by name, or by title.
    private func withDocument(
        _ arguments: [String: Scalar], _ body: (WorkspaceDocument) async throws -> Outcome
    ) async throws -> Outcome {
        guard let wanted = Self.text("document", in: arguments)?.lowercased() else {
            return .error("document is missing: it is an id or a title of \(Name.list.rawValue).")
        }
        let all = try await memberships.all(in: workspace.id)
        let found =
            all.first { $0.docID == wanted || $0.document.id == wanted || $0.document.path.text.lowercased() == wanted }
            ?? all.first { $0.document.title.lowercased() == wanted || $0.document.path.name.lowercased() == wanted }
            ?? all.first { $0.document.title.lowercased().contains(wanted) }
        guard let found else {
            return .error("no document of this workspace is called so; \(Name.list.rawValue) names them all.")
        }
        return try await body(found)
    }
}
