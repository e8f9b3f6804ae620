import Concurrency
import Domain
import Engine
import Persistence

/// What tools and resources work with, and how they find what a client names.
struct MCPLibrary: Sendable {
    let workspaces: WorkspaceDirectory
    let documents: DocumentDirectory
    let statistics: InstanceStatistics
    let retriever: Retriever
    let chat: ChatService
    let ingestion: IngestionService
    let uploadLimits: UploadLimits

    init(_ services: APIServices) {
        workspaces = services.workspaces.directory
        documents = services.library.documents
        statistics = services.administration.statistics
        retriever = services.search.retriever
        chat = services.conversations.chat
        ingestion = services.library.ingestion
        uploadLimits = services.library.uploadLimits
    }

    /// Workspaces that an error names.
    private static let named = 50
    /// Documents of one folder that are asked for at once.
    private static let batch = 500

    /// The workspace of a slug or a name; without one, the only one that there is.
    func workspace(_ name: String?, for caller: Caller) async throws -> Workspace {
        if let name, let found = try await workspaces.find(slug: name.trimmed.lowercased(), for: caller) {
            return found
        }
        let all = try await workspaces.all(for: caller)
        if let name {
            if let found = all.first(where: { $0.name.caseFolded == name.trimmed.caseFolded }) { return found }
        } else if all.count == 1 {
            return all[0]
        }
        let slugs = all.prefix(Self.named).map(\.slug).joined(separator: ", ")
        let there = all.isEmpty ? "There is none yet." : "There are: \(slugs)\(all.count > Self.named ? ", …" : "")."
        throw MCPToolFailure(
            (name.map { "There is no workspace \($0.prefix(100)). " } ?? "Say which workspace. ") + there)
    }

    /// A part of all documents that the caller knows of, folder by folder, and how many there are.
    func documents(
        matching words: String?, offset: Int, limit: Int, for caller: Caller
    ) async throws -> (documents: [Document], total: Int) {
        let search = DocumentStore.Search(words: words)
        let counts = try await documents.counts(search, for: caller)
        var (passed, found) = (0, [Document]())
        for (folder, count) in counts {
            var start = max(0, offset - passed)
            while start < count, found.count < limit {
                let page = try await documents.list(
                    folder: folder, search, after: nil, offset: start, limit: min(Self.batch, limit - found.count),
                    for: caller)
                guard !page.isEmpty else { break }
                found += page.map(\.document)
                start += page.count
            }
            passed += count
        }
        return (found, passed)
    }

    /// The document of an address, a location, a name or a title.
    func document(_ name: String, for caller: Caller) async throws -> Document {
        let wanted = DocumentURI(name)?.path.text ?? name.trimmed
        if let found = try await documents.find(wanted, for: caller) { return found.document }
        let alike = try await documents(matching: wanted, offset: 0, limit: 10, for: caller).documents
        let title = wanted.caseFolded
        if let found = alike.first(where: { $0.title.caseFolded == title }) ?? (alike.count == 1 ? alike[0] : nil) {
            return found
        }
        let others = alike.map { DocumentURI($0.path).text }.joined(separator: ", ")
        throw MCPToolFailure(
            "There is no document \(name.prefix(100)); list_documents names those that there are."
                + (alike.isEmpty ? "" : " Is it one of these? \(others)"))
    }

    /// A stretch of a document's text, see `TextPart`; `nil` where the document is gone.
    func part(of document: Document, from start: Int, length: Int) async throws -> TextPart? {
        guard let text = try await documents.text(of: document) else { return nil }
        guard text.utf8.count > Self.smallText else { return TextPart(of: text, from: start, length: length) }
        return try await ComputePool.shared.run { TextPart(of: text, from: start, length: length) }
    }

    /// Bytes; what is counted in a moment.
    private static let smallText = 256 << 10
}
