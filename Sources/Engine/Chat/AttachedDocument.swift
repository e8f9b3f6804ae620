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
    private let tokens: TokenCounter
    private let read: @Sendable (AttachedDocument) async throws -> [ParsedDocument]

    /// - Parameter read: parses one document, wherever that is safe; throws `ServiceError` with the reason.
    package init(
        tokens: TokenCounter = .estimate,
        _ read: @escaping @Sendable (AttachedDocument) async throws -> [ParsedDocument]
    ) {
        self.tokens = tokens
        self.read = read
    }

    struct Outcome: Sendable {
        var passages: [PromptAssembler.Passage] = []
        var sources: [JSONObject] = []
        var warnings: [String] = []
    }

    func outcome(of documents: [AttachedDocument]) async throws -> Outcome {
        var outcome = Outcome()
        for document in documents {
            do {
                for parsed in try await read(document) { try add(parsed, of: document, to: &outcome) }
            } catch let error as ServiceError {
                let message = error.message
                outcome.warnings.append(message.contains(document.name) ? message : "\(document.name): \(message)")
            }
        }
        return outcome
    }

    private func add(_ parsed: ParsedDocument, of document: AttachedDocument, to outcome: inout Outcome) throws {
        outcome.passages += try WholeDocument.passages(of: parsed, named: document.name)
        outcome.sources.append(source(of: parsed, document))
    }

    private func source(of parsed: ParsedDocument, _ document: AttachedDocument) -> JSONObject {
        let id = UUIDText.random()
        let defaults = DocumentDefaults.file(named: document.name)
        let excerpt = WholeDocument.excerpt(of: parsed.text)
        return [
            "id": .string(id),
            "title": .string(document.name),
            "chunk": excerpt,
            "text": excerpt,
            "url": .string("file://\(document.name)"),
            "docAuthor": .string(parsed.author ?? defaults.author),
            "description": .string(parsed.description ?? parsed.title ?? defaults.description),
            "docSource": .string(defaults.source),
            "chunkSource": .string(document.name),
            "published": .string(Timestamp.now.localeString),
            "wordCount": JSON(WordCount.words(in: parsed.text)),
            "token_count_estimate": JSON(tokens.tokens(in: parsed.text)),
            "location": .string("direct-uploads/\(StoredName.file(document.name, id: id))"),
            "isDirectUpload": true,
        ]
    }
}
