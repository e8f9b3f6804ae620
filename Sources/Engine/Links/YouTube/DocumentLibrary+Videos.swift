import Concurrency
import Domain

extension DocumentLibrary {
    /// The document of a video: its captions as a text whose divisions are seconds, like the transcript of a recording. The
    /// words are the wire's.
    func documents(
        for ingestion: Ingestion, fromVideoAt link: LinkAddress, _ video: VideoDetails
    ) async throws -> Made {
        let contents = try await contents(digest: "\(ingestion.sha256):\(Self.parserVersion):captions") {
            let captions = try await spool.content(of: ingestion.spoolFile)
            let parsed = try await ComputePool.shared.run { YouTubeCaptions(captions).transcript.document }
            guard !parsed.text.isEmpty else { throw YouTubeError.unreadableTranscript }
            return [parsed]
        }
        let (content, metadata, defaults) = (contents[0], ingestion.metadata, DocumentDefaults.page)
        let author = video.author ?? defaults.author
        // The videos of a channel lie together, unless their sender chose a folder.
        let folder =
            ingestion.folder == Self.defaultFolder ? StoredName.transcripts(of: author) : ingestion.folder
        let document = Document(
            id: ingestion.documentID,
            path: DocumentPath(folder: folder, name: StoredName.file(video.title, id: ingestion.documentID)),
            contentID: content.id, url: "\(link.text).youtube", title: Self.bounded(metadata.title ?? video.title),
            author: Self.bounded(metadata.author ?? author),
            description: Self.bounded(metadata.description ?? video.description ?? defaults.description),
            source: metadata.source ?? link.text, chunkSource: "youtube://\(link.text)",
            published: content.createdAt.localeString, publishedAt: content.createdAt, wordCount: content.wordCount,
            tokenCount: content.tokenCount, attributes: metadata.attributes, link: ingestion.link)
        return Made(documents: [document], divisionCount: content.parsed.divisions?.starts.count ?? 0)
    }
}
