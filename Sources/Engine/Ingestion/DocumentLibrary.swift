import Crypto
package import Domain
package import Persistence

/// Makes documents: a content that is parsed and stored once, and a name for it.
package struct DocumentLibrary: Sendable {
    package static let defaultFolder = "custom-documents"
    /// Goes up whenever the parsers give another text for the same bytes.
    static let parserVersion = 1

    private let documents: DocumentStore
    private let reader: any DocumentReader

    package init(documents: DocumentStore, reader: any DocumentReader) {
        self.documents = documents
        self.reader = reader
    }

    // MARK: Files

    /// The document for an uploaded file, which lies at `file`; it is parsed unless the same bytes were before.
    func document(for upload: Ingestion, at file: String) async throws -> Document {
        guard case .file(let fileName) = upload.origin else { throw ServiceError.unreadableJob }
        let digest = "\(upload.sha256):\(Self.parserVersion):\(DocumentDefaults.fileExtension(of: fileName))"
        let content = try await storedContent(digest: digest, file: file, named: fileName)
        let parsed = content.parsed
        let defaults = DocumentDefaults.file(named: fileName)
        let published = parsed.publishedMilliseconds.map(Timestamp.init(milliseconds:)) ?? content.createdAt
        let document = Document(
            id: upload.documentID,
            path: DocumentPath(
                folder: upload.folder, name: StoredName.file(fileName, id: upload.documentID)),
            contentID: content.id, url: "file://\(fileName)",
            title: upload.metadata.title ?? fileName,
            author: upload.metadata.author ?? parsed.author ?? defaults.author,
            description: upload.metadata.description ?? parsed.description ?? parsed.title ?? defaults.description,
            source: upload.metadata.source ?? defaults.source,
            chunkSource: upload.metadata.chunkSource ?? fileName, published: published.localeString,
            publishedAt: published, wordCount: content.wordCount, tokenCount: content.tokenCount,
            attributes: upload.metadata.attributes)
        try await documents.insert([document], at: .now)
        return document
    }

    private func storedContent(digest: String, file: String, named fileName: String) async throws -> Content {
        if let content = try await documents.content(digest: digest) { return content }
        let parsed: [ParsedDocument]
        do {
            parsed = try await reader.read(path: file, fileName: fileName)
        } catch let error as ParseError {
            throw error.serviceError(fileName: fileName)
        }
        guard let first = parsed.first, !first.text.isEmpty else {
            throw ParseError.empty.serviceError(fileName: fileName)
        }
        return try await store(first, digest: digest)
    }

    // MARK: Raw text

    /// Stores a text that came without a file.
    package func addRawText(_ text: String, metadata json: JSON?) async throws -> Document {
        let object = DocumentMetadata.object(in: json)
        let metadata = DocumentMetadata(json)
        let title = Slug.rawTextTitle(metadata.title ?? "")
        // Where the slug keeps nothing of a title (Chinese, say), the title itself is better than none.
        let name = (title.isEmpty ? StoredName.upload(metadata.title ?? "") ?? "document" : title) + ".txt"
        let id = UUIDText.random()
        let digest = SHA256.hash(data: Array(text.utf8)).hexadecimal + ":\(Self.parserVersion):raw"
        let content = try await store(ParsedDocument(text: text), digest: digest)
        let defaults = DocumentDefaults.rawText
        let published = Self.published(object["published"]) ?? content.createdAt
        let document = Document(
            id: id,
            path: DocumentPath(
                folder: Self.defaultFolder, name: StoredName.rawText(title: metadata.title ?? "", id: id)),
            contentID: content.id, url: Self.webURL(object["url"]?.stringValue) ?? "file://\(name)", title: name,
            author: object["docAuthor"]?.stringValue ?? defaults.author,
            description: object["description"]?.stringValue ?? defaults.description,
            source: object["docSource"]?.stringValue ?? defaults.source,
            chunkSource: object["chunkSource"]?.stringValue ?? name, published: published.localeString,
            publishedAt: published, wordCount: content.wordCount, tokenCount: content.tokenCount,
            attributes: metadata.attributes)
        try await documents.insert([document], at: .now)
        return document
    }

    private func store(_ parsed: ParsedDocument, digest: String) async throws -> Content {
        try await documents.insertContent(
            digest: digest, parsed: parsed, wordCount: WordCount.words(in: parsed.text),
            tokenCount: TokenEstimate.tokens(in: parsed.text), at: .now)
    }

    /// Milliseconds, or seconds where the number can only mean these, as a number or as its text; or an ISO 8601 date.
    private static func published(_ value: JSON?) -> Timestamp? {
        guard let number = value?.doubleValue ?? value?.stringValue.flatMap(Double.init) else {
            return value?.stringValue.flatMap(Timestamp.init(iso8601:))
        }
        guard number.isFinite, number > 0, number < 8.64e15 else { return nil }
        // As milliseconds this would be before 1973, as seconds it is a date people mean.
        return Timestamp(milliseconds: Int64(number < 1e11 ? number * 1000 : number))
    }

    /// How an http(s) address is written in `url`; nothing for any other text.
    private static func webURL(_ text: String?) -> String? {
        guard let text, let scheme = text.firstRange(of: "://") else { return nil }
        guard ["http", "https"].contains(text[..<scheme.lowerBound].lowercased()), scheme.upperBound < text.endIndex
        else { return nil }
        return "web://\(text).website"
    }
}

extension ParseError {
    /// Endings of files that are text if they are what they say.
    private static let textEndings: Set = ["txt", "md", "org", "adoc", "rst", "html", "htm", "csv", "json"]

    /// Says what is wrong with the file, in words that clients know where the wire has words for it.
    package func serviceError(fileName: String) -> ServiceError {
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
