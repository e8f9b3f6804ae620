import Domain

/// A message: what it says, and what is attached to it.
struct MailMessage {
    /// Nil where there is neither text nor a subject.
    let document: ParsedDocument?
    let attachments: [MailAttachment]
    /// What could not be read, for people.
    let warnings: [String]
    let isEncrypted: Bool

    /// The fields that stand before the text.
    private static let shownFields = ["From", "To", "Cc", "Date", "Subject"]
    /// One of these every message has.
    private static let telling = [
        "from", "to", "subject", "date", "received", "message-id", "return-path", "content-type", "mime-version",
        "sender",
    ]

    /// - Parameter envelopeDate: when it came in, for one that does not say when it was sent.
    /// - Returns: nil where the bytes are no message.
    init?(_ bytes: ArraySlice<UInt8>, envelopeDate: Int64? = nil) {
        let (header, content) = MailHeader.read(bytes)
        guard Self.telling.contains(where: { header.value($0) != nil }) else { return nil }
        let body = MailBody(MIMEPart(header: header, body: content))
        attachments = body.attachments
        warnings = body.warnings
        isEncrypted = body.isEncrypted
        let subject = header.text("subject")
        // Its subject and its people may be all that a message says, with a file or without.
        guard !body.text.isEmpty || subject != nil && !body.isEncrypted else {
            document = nil
            return
        }
        let fields = Self.shownFields.compactMap { name in header.text(name.lowercased()).map { "\(name): \($0)" } }
        var text = JoinedText()
        if !fields.isEmpty {
            let title = subject.map { [ParsedDocument.Heading(offset: 0, level: 1, title: $0)] }
            text.append(fields.joined(separator: "\n"), headings: title ?? [])
        }
        // Below the subject.
        let headings = body.text.headings.map { heading in
            ParsedDocument.Heading(offset: heading.offset, level: heading.level + 1, title: heading.title)
        }
        if !body.text.isEmpty { text.append(body.text.text, headings: headings) }
        document = ParsedDocument(
            text: text.text, headings: text.headings, title: subject, author: header.text("from"),
            publishedMilliseconds: header.text("date").flatMap(MailDate.milliseconds) ?? envelopeDate)
    }
}
