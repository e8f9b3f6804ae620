import Domain

/// A message as programs save it (RFC 5322 and MIME): its text after the lines that say from whom, to whom, when and about
/// what, and each attachment as a document of its own.
struct MailParser: DocumentParser {
    /// Those of attachments.
    static let needsTools = true

    func parse(_ input: ParserInput) throws(ParseError) -> [ParsedDocument] {
        let bytes = try input.bytes()
        let start = bytes.firstIndex { $0 > 0x20 && ![0xEF, 0xBB, 0xBF].contains($0) } ?? bytes.endIndex
        guard let message = MailMessage(bytes[start...]) else {
            throw .corrupt("it does not look like a mail message")
        }
        var documents = MailDocuments(within: input)
        try documents.add(message)
        return try documents.all()
    }
}

/// A mailbox file (RFC 4155): each message with a text is a document, and each attachment as well.
struct MailboxParser: DocumentParser {
    static let needsTools = true

    /// - Throws: `.empty` also where the file holds no message at all.
    func parse(_ input: ParserInput) throws(ParseError) -> [ParsedDocument] {
        let bytes = try input.bytes()
        let messages = MailboxSplitter.messages(in: bytes, limit: MailDocuments.maximumDocuments + 1)
        guard messages.count <= MailDocuments.maximumDocuments else {
            throw .tooLarge("it has more than \(MailDocuments.maximumDocuments) messages")
        }
        var documents = MailDocuments(within: input)
        for (index, place) in messages.enumerated() {
            let envelope = String(decoding: bytes[place.separator], as: UTF8.self)
            let content = MailboxSplitter.unquoted(bytes[place.content])
            if let message = MailMessage(content, envelopeDate: MailDate.milliseconds(envelope)) {
                try documents.add(message, number: index + 1)
            }
            input.report(index + 1, of: messages.count)
        }
        return try documents.all()
    }
}
