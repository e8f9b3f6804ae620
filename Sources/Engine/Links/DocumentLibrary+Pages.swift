import Domain

extension DocumentLibrary {
    /// The document of a page, whose words are the wire's.
    func documents(
        for ingestion: Ingestion, fromPageAt link: LinkAddress, _ format: Ingestion.PageFormat
    ) async throws -> Made {
        let content = try await content(of: ingestion, link, fileName: format == .html ? "page.html" : "page.txt")
        let (metadata, parsed, defaults) = (ingestion.metadata, content.parsed, DocumentDefaults.page)
        let slug = LinkNaming.page(link)
        let published = parsed.publishedMilliseconds.map(Timestamp.init(milliseconds:)) ?? content.createdAt
        let document = Document(
            id: ingestion.documentID,
            path: DocumentPath(
                folder: ingestion.folder, name: StoredName.page(slug, id: ingestion.documentID)),
            contentID: content.id, url: "file://\(slug).html", title: metadata.title ?? "\(slug).html",
            author: metadata.author ?? parsed.author ?? defaults.author,
            description: metadata.description ?? parsed.description ?? parsed.title ?? defaults.description,
            source: metadata.source ?? defaults.source, chunkSource: "link://\(link.text)",
            published: published.localeString, publishedAt: published, wordCount: content.wordCount,
            tokenCount: content.tokenCount, attributes: metadata.attributes, link: ingestion.link)
        return Made(documents: [document], warnings: parsed.warnings)
    }

    private func content(of ingestion: Ingestion, _ link: LinkAddress, fileName: String) async throws -> Content {
        let contents = try await contents(digest: digest(of: ingestion, fileName: fileName)) {
            do {
                let parsed = try await reader.read(
                    path: path(of: ingestion.spoolFile), fileName: fileName, address: ingestion.fetchedFrom)
                guard !parsed.isEmpty else { throw ParseError.empty }
                return parsed
            } catch ParseError.empty {
                throw ServiceError(.unprocessable, "No URL content found at \(link.text).")
            } catch ParseError.unsupported {
                throw ServiceError(.unprocessable, "\(link.text) leads to a file of a kind that cannot be read.")
            } catch let error as ParseError {
                throw error.serviceError(fileName: link.text)
            }
        }
        return contents[0]
    }
}
