import Concurrency
package import Domain

/// A document that came with a question, for that question alone: never listed, never embedded.
package struct AttachedDocument: Sendable, Equatable {
    /// The client's, sanitised; its extension tells the format.
    package var name: String
    package var bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// What a client sends as the media type of such an attachment.
    package static let mediaType = "application/anythingllm-document"
}

/// Reads what came with a question. What cannot be read becomes a warning, and the question is answered without it.
package struct AttachmentReader: Sendable {
    private let spool: SpoolDirectory
    private let reader: any DocumentReader
    private let tokens: TokenCounter

    package init(spool: SpoolDirectory, reader: any DocumentReader, tokens: TokenCounter = .estimate) {
        self.spool = spool
        self.reader = reader
        self.tokens = tokens
    }

    struct Outcome: Sendable {
        var passages: [PromptAssembler.Passage] = []
        var sources: [Source] = []
        var warnings: [String] = []
    }

    func outcome(of documents: [AttachedDocument]) async throws -> Outcome {
        var outcome = Outcome()
        for document in documents {
            do {
                for parsed in try await parse(document) {
                    let (passages, source) = try await ComputePool.shared.run { try contribution(of: parsed, document) }
                    outcome.passages += passages
                    outcome.sources.append(source)
                }
            } catch let error as ServiceError {
                let message = error.message
                outcome.warnings.append(message.contains(document.name) ? message : "\(document.name): \(message)")
            }
        }
        return outcome
    }

    /// The document lies in a file of its own while it is parsed, and no longer.
    private func parse(_ document: AttachedDocument) async throws -> [ParsedDocument] {
        let writer = try await spool.makeWriter(maximumBytes: document.bytes.count)
        do {
            try await writer.append(document.bytes)
            let file = try await writer.finish()
            let parsed = try await reader.read(path: spool.path(of: file.name), fileName: document.name)
            await spool.remove(file.name)
            return parsed
        } catch {
            await writer.discard()
            if let error = error as? ParseError { throw error.serviceError(fileName: document.name) }
            throw error
        }
    }

    private func contribution(
        of parsed: ParsedDocument, _ document: AttachedDocument
    ) throws -> (passages: [PromptAssembler.Passage], source: Source) {
        let title = MemberNaming(of: parsed, fileName: document.name).title
        let source = source(of: parsed, document)
        return (try WholeDocument.passages(of: parsed, named: title, source: source), source)
    }

    private func source(of parsed: ParsedDocument, _ document: AttachedDocument) -> Source {
        // Several documents in one file have names of their own.
        let naming = MemberNaming(of: parsed, fileName: document.name)
        let defaults = naming.defaults
        var source = Source(id: UUIDText.random(), title: naming.title)
        source.excerpt = WholeDocument.excerpt(of: parsed.text)
        source.text = source.excerpt
        source.url = naming.url
        source.author = parsed.author ?? defaults.author
        source.description = parsed.description ?? parsed.title ?? defaults.description
        source.origin = defaults.source
        source.chunkSource = document.name
        source.published = Timestamp.now.localeString
        source.wordCount = WordCount.words(in: parsed.text)
        source.tokenCount = tokens.tokens(in: parsed.text)
        source.location = "direct-uploads/\(StoredName.file(document.name, id: source.id))"
        source.isAttachment = true
        return source
    }
}
