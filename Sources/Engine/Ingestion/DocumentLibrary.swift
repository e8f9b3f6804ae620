import Concurrency
import Crypto
package import Domain
package import Persistence

/// Makes documents: a content that is parsed and stored once, and a name for it.
package struct DocumentLibrary: Sendable {
    package static let defaultFolder = FolderName.standard
    /// Goes up whenever the parsers give another text for the same bytes.
    static let parserVersion = 5

    let spool: SpoolDirectory
    private let documents: DocumentStore
    let reader: any DocumentReader
    private let tokens: TokenCounter

    package init(
        spool: SpoolDirectory, documents: DocumentStore, reader: any DocumentReader, tokens: TokenCounter = .estimate
    ) {
        self.spool = spool
        self.documents = documents
        self.reader = reader
        self.tokens = tokens
    }

    /// Documents that are to be made, and what of their file could not be read, for people.
    struct Made: Sendable {
        var documents: [Document]
        /// Pages, rows and the like of all of them.
        var divisionCount = 0
        var warnings: [String] = []
        /// Why a document is not what the file would make it, for people, by its id.
        var failures: [String: String] = [:]
        /// What was done with what was there already; `nil` where nothing was.
        var duplicates: Ingestion.DuplicatePolicy?
    }

    /// The documents are not stored yet. Their contents are, which are parsed unless the same bytes were before.
    func documents(
        for ingestion: Ingestion, progress: @escaping @Sendable (JobProgress) async -> Void
    ) async throws -> Made {
        switch ingestion.origin {
        case .file(let name): try await documents(for: ingestion, fromFileNamed: name, progress: progress)
        case .linkedFile(let link, let name):
            try await documents(for: ingestion, fromFileNamed: name, at: link, progress: progress)
        case .page(let link, let format): try await documents(for: ingestion, fromPageAt: link, format)
        case .video(let link, let video): try await documents(for: ingestion, fromVideoAt: link, video)
        case .rawText: Made(documents: [try await documentFromText(for: ingestion)])
        }
    }

    /// - Parameter link: where the file was fetched from, if it was.
    private func documents(
        for ingestion: Ingestion, fromFileNamed fileName: String, at link: LinkAddress? = nil,
        progress: @escaping @Sendable (JobProgress) async -> Void
    ) async throws -> Made {
        let contents = try await contents(digest: digest(of: ingestion, fileName: fileName)) {
            try await parse(ingestion, named: fileName, at: link, progress: progress)
        }
        let metadata = ingestion.metadata
        let documents = contents.enumerated().map { index, content in
            let parsed = content.parsed
            let id = ingestion.documentID(at: index)
            let naming = MemberNaming(of: parsed, fileName: fileName)
            let published = parsed.publishedMilliseconds.map(Timestamp.init(milliseconds:)) ?? content.createdAt
            return Document(
                id: id,
                path: DocumentPath(
                    folder: naming.folder(ingestion.folder, upload: ingestion.documentID),
                    name: naming.storedName(id: id)),
                contentID: content.id, url: naming.url,
                title: Self.bounded(metadata.title ?? naming.title),
                author: Self.bounded(metadata.author ?? parsed.author ?? naming.defaults.author),
                description: Self.bounded(
                    metadata.description ?? parsed.description ?? parsed.title ?? naming.defaults.description),
                source: metadata.source ?? link?.text ?? naming.defaults.source,
                chunkSource: link.map { "link://\($0.text)" } ?? metadata.chunkSource ?? fileName,
                published: published.localeString,
                publishedAt: published, wordCount: content.wordCount, tokenCount: content.tokenCount,
                attributes: metadata.attributes,
                upload: ingestion.upload(named: fileName, member: parsed.member?.key ?? ""), link: ingestion.link)
        }
        return Made(
            documents: documents, divisionCount: contents.reduce(0) { $0 + ($1.parsed.divisions?.starts.count ?? 0) },
            warnings: contents.flatMap(\.parsed.warnings))
    }

    /// A file may say megabytes of itself, which every source of it would repeat.
    static func bounded(_ text: String) -> String { text.shortened(toUTF16: 4096) }

    private func documentFromText(for ingestion: Ingestion) async throws -> Document {
        let contents = try await contents(digest: "\(ingestion.sha256):\(Self.parserVersion):raw") {
            let text = String(decoding: try await spool.content(of: ingestion.spoolFile), as: UTF8.self)
            return [ParsedDocument(text: text)]
        }
        let content = contents[0]
        let metadata = ingestion.metadata
        let title = metadata.title ?? ""
        let slug = Slug.rawTextTitle(title)
        // Where the slug keeps nothing of a title (Chinese, say), the title itself is better than none.
        let name = (slug.isEmpty ? StoredName.upload(title) ?? "document" : slug) + ".txt"
        let defaults = DocumentDefaults.rawText
        let published = metadata.published ?? content.createdAt
        return Document(
            id: ingestion.documentID,
            path: DocumentPath(
                folder: ingestion.folder, name: StoredName.rawText(title: title, id: ingestion.documentID)),
            contentID: content.id, url: metadata.url.map { "web://\($0).website" } ?? "file://\(name)", title: name,
            author: metadata.author ?? defaults.author,
            description: metadata.description ?? defaults.description,
            source: metadata.source ?? defaults.source,
            chunkSource: metadata.chunkSource ?? name, published: published.localeString,
            publishedAt: published, wordCount: content.wordCount, tokenCount: content.tokenCount,
            attributes: metadata.attributes, upload: ingestion.upload(named: title, member: "text"))
    }

    private func parse(
        _ ingestion: Ingestion, named fileName: String, at link: LinkAddress?,
        progress: @escaping @Sendable (JobProgress) async -> Void
    ) async throws -> [ParsedDocument] {
        do {
            let parsed = try await reader.read(
                path: spool.path(of: ingestion.spoolFile), fileName: fileName, address: ingestion.fetchedFrom
            ) { read in
                await progress(JobProgress(read))
            }
            guard !parsed.isEmpty else { throw ParseError.empty }
            return parsed
        } catch let error as ParseError {
            // The name of what was fetched is made here and says little.
            if error == .unsupported, let link {
                throw ServiceError(.unprocessable, "\(link.text) leads to a file of a kind that cannot be read.")
            }
            throw error.serviceError(fileName: fileName)
        }
    }

    /// What the text of a file depends on: its bytes, who parses them as what, and what the reader says besides.
    func digest(of ingestion: Ingestion, fileName: String) async throws -> String {
        let circumstances = try await reader.circumstances(
            path: spool.path(of: ingestion.spoolFile), fileName: fileName, address: ingestion.fetchedFrom)
        let digest = "\(ingestion.sha256):\(Self.parserVersion):\(DocumentDefaults.fileExtension(of: fileName))"
        guard !circumstances.isEmpty else { return digest }
        // An address may be longer than what an index holds, and a slash in a digest begins the number of a document in its
        // file.
        return "\(digest):\(Array(SHA256.hash(data: Array(circumstances.utf8))).hexadecimal)"
    }

    func path(of file: SpoolFileName) -> String { spool.path(of: file) }

    /// The contents of this digest: the stored ones, or what `parse` gives, which is never nothing.
    func contents(digest: String, _ parse: () async throws -> [ParsedDocument]) async throws -> [Content] {
        let stored = try await documents.contents(digest: digest)
        if !stored.isEmpty { return stored }
        let parsed = try await parse()
        let contents = try await ComputePool.shared.run(.background) { [tokens] in
            parsed.map { parsed in
                DocumentStore.NewContent(
                    parsed, wordCount: WordCount.words(in: parsed.text), tokenCount: tokens.tokens(in: parsed.text))
            }
        }
        return try await documents.insertContents(digest: digest, contents, at: .now)
    }
}

extension JobProgress {
    /// While a file is read.
    fileprivate init(_ read: ParseProgress) {
        self.init(.parsing)
        (readDivisionCount, divisionCount) = (read.done, read.total)
        share = read.total > 0 ? Double(read.done) / Double(read.total) : nil
    }
}

extension Ingestion {
    fileprivate func upload(named name: String, member: String) -> Document.Upload {
        Document.Upload(folder: folder.lookalikeKey, name: name.composed, sha256: sha256, member: member)
    }
}

extension ParseError {
    /// Endings of files that are text if they are what they say.
    private static let textEndings: Set = ["txt", "md", "org", "adoc", "rst", "html", "htm", "csv", "json"]

    private static func emptiness(_ fileName: String) -> String {
        switch DocumentDefaults.fileExtension(of: fileName) {
        case "mbox": "No mail items found in \(fileName)."
        case "xlsx", "xlsm", "xltx", "xltm", "xls", "ods", "ots", "fods": "No valid sheets found in \(fileName)."
        default: "No text content found in \(fileName)."
        }
    }

    /// Says what is wrong with the file, in words that clients know where the wire has words for it.
    func serviceError(fileName: String) -> ServiceError {
        switch self {
        case .unsupported:
            let ending = DocumentDefaults.fileExtension(of: fileName)
            if Self.textEndings.contains(ending) {
                return ServiceError(.unprocessable, "\(fileName) could not be read: it is not text.")
            }
            return ServiceError(
                .unprocessable,
                ending.isEmpty || fileName == "." + ending
                    ? "No file extension found. This file cannot be processed."
                    : "File extension .\(ending) not supported for parsing and cannot be assumed as text file type.")
        case .empty: return ServiceError(.unprocessable, Self.emptiness(fileName))
        case .encrypted:
            return ServiceError(
                .unprocessable, "\(fileName) is encrypted; remove the password and upload it again.")
        case .corrupt(let why): return ServiceError(.unprocessable, "\(fileName) could not be read: \(why).")
        case .tooLarge(let why): return ServiceError(.unprocessable, "\(fileName) is too large: \(why).")
        case .unavailable(let why):
            return ServiceError(
                .unavailable, "\(fileName) cannot be read at the moment: \(why).", retryAfter: 10)
        case .toolMissing(let tool):
            return ServiceError(
                .unavailable, "\(fileName) cannot be read on this server: \(tool) is missing.")
        }
    }
}
