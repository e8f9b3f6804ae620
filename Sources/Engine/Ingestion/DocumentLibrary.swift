import Concurrency
package import Domain
package import Persistence

/// Makes documents: a content that is parsed and stored once, and a name for it.
package struct DocumentLibrary: Sendable {
    package static let defaultFolder = "custom-documents"
    /// Goes up whenever the parsers give another text for the same bytes.
    static let parserVersion = 1

    private let spool: SpoolDirectory
    private let documents: DocumentStore
    private let reader: any DocumentReader

    private let tokens: TokenCounter

    package init(
        spool: SpoolDirectory, documents: DocumentStore, reader: any DocumentReader, tokens: TokenCounter = .estimate
    ) {
        self.spool = spool
        self.documents = documents
        self.reader = reader
        self.tokens = tokens
    }

    /// The document that is to be made, not stored yet. Its content is, which is parsed unless the same bytes were before.
    func document(for ingestion: Ingestion) async throws -> Document {
        switch ingestion.origin {
        case .file(let name): try await document(for: ingestion, fromFileNamed: name)
        case .rawText: try await documentFromText(for: ingestion)
        }
    }

    private func document(for ingestion: Ingestion, fromFileNamed fileName: String) async throws -> Document {
        let format = DocumentDefaults.fileExtension(of: fileName)
        let content = try await content(digest: "\(ingestion.sha256):\(Self.parserVersion):\(format)") {
            try await parse(ingestion.spoolFile, named: fileName)
        }
        let parsed = content.parsed
        let defaults = DocumentDefaults.file(named: fileName)
        let published = parsed.publishedMilliseconds.map(Timestamp.init(milliseconds:)) ?? content.createdAt
        let metadata = ingestion.metadata
        return Document(
            id: ingestion.documentID,
            path: DocumentPath(
                folder: ingestion.folder, name: StoredName.file(fileName, id: ingestion.documentID)),
            contentID: content.id, url: "file://\(fileName)",
            title: metadata.title ?? fileName,
            author: metadata.author ?? parsed.author ?? defaults.author,
            description: metadata.description ?? parsed.description ?? parsed.title ?? defaults.description,
            source: metadata.source ?? defaults.source,
            chunkSource: metadata.chunkSource ?? fileName, published: published.localeString,
            publishedAt: published, wordCount: content.wordCount, tokenCount: content.tokenCount,
            attributes: metadata.attributes)
    }

    private func documentFromText(for ingestion: Ingestion) async throws -> Document {
        let content = try await content(digest: "\(ingestion.sha256):\(Self.parserVersion):raw") {
            ParsedDocument(text: String(decoding: try await spool.content(of: ingestion.spoolFile), as: UTF8.self))
        }
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
            attributes: metadata.attributes)
    }

    private func parse(_ file: SpoolFileName, named fileName: String) async throws -> ParsedDocument {
        let parsed: [ParsedDocument]
        do {
            parsed = try await reader.read(path: spool.path(of: file), fileName: fileName)
        } catch let error as ParseError {
            throw error.serviceError(fileName: fileName)
        }
        guard let first = parsed.first, !first.text.isEmpty else {
            throw ParseError.empty.serviceError(fileName: fileName)
        }
        return first
    }

    /// The content of this digest: the stored one, or what `parse` gives.
    private func content(digest: String, _ parse: () async throws -> ParsedDocument) async throws -> Content {
        if let content = try await documents.content(digest: digest) { return content }
        let parsed = try await parse()
        let counts = try await ComputePool.shared.run(.background) { [tokens] in
            (words: WordCount.words(in: parsed.text), tokens: tokens.tokens(in: parsed.text))
        }
        return try await documents.insertContent(
            digest: digest, parsed: parsed, wordCount: counts.words, tokenCount: counts.tokens, at: .now)
    }
}

extension ParseError {
    /// Endings of files that are text if they are what they say.
    private static let textEndings: Set = ["txt", "md", "org", "adoc", "rst", "html", "htm", "csv", "json"]

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
        case .empty: return ServiceError(.unprocessable, "No text content found in \(fileName).")
        case .scanned:
            return ServiceError(
                .unprocessable,
                "No text content found in \(fileName). It is scanned; OCR is not available in this version.")
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
