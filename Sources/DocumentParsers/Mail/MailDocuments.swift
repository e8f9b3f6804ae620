import Domain

/// Makes documents of messages and of what is attached to them, within the limits of the file that they are in.
struct MailDocuments {
    private let input: ParserInput
    private var documents: [ParsedDocument] = []
    /// What could not be read of messages that are no documents themselves.
    private var looseWarnings: [String] = []
    private var textBytes = 0
    private var attachmentCount = 0
    private var isEncrypted = false

    /// Messages that are attached to messages that are attached: deeper ones are left out.
    private static let maximumDepth = 4
    private static let maximumAttachments = 10_000
    static let maximumDocuments = 100_000

    init(within input: ParserInput) { self.input = input }

    /// - Parameter number: which message of a mailbox it is; nil for one that is a file of its own.
    /// - Throws: `.tooLarge`.
    mutating func add(_ message: MailMessage, number: Int? = nil) throws(ParseError) {
        isEncrypted = isEncrypted || message.isEncrypted
        var warnings = message.warnings
        let place = message.document == nil ? nil : documents.count
        if var document = message.document {
            document.member = number.map { .message($0) }
            // So that what is found in it can be cited by its number.
            document.divisions = number.map { Divisions(.message, firstNumber: $0, starts: [0]) }
            try append(document)
        }
        for attachment in message.attachments {
            attachmentCount += 1
            guard attachmentCount <= Self.maximumAttachments else {
                if attachmentCount == Self.maximumAttachments + 1 {
                    warnings.append("Attachments after the first \(Self.maximumAttachments) were left out.")
                }
                break
            }
            do { try read(attachment, number: number) } catch {
                warnings.append("The attachment \(attachment.name) was left out: \(error.reason).")
            }
        }
        if let number { warnings = warnings.map { "Message \(number): \($0)" } }
        if let place { documents[place].warnings += warnings } else { looseWarnings += warnings }
    }

    /// - Throws: `.empty` where there is no document, `.encrypted` where that is why.
    func all() throws(ParseError) -> [ParsedDocument] {
        guard !documents.isEmpty else { throw isEncrypted ? .encrypted : .empty }
        var documents = documents
        documents[0].warnings += looseWarnings
        return documents
    }

    private mutating func append(_ document: ParsedDocument) throws(ParseError) {
        guard documents.count < Self.maximumDocuments else {
            throw .tooLarge("it has more than \(Self.maximumDocuments) messages and attachments")
        }
        let bytes = textBytes + document.text.utf8.count
        guard bytes <= input.limits.maximumTextBytes else { throw FileBytes.tooMuchText(input.limits) }
        textBytes = bytes
        documents.append(document)
    }

    private mutating func read(_ attachment: MailAttachment, number: Int?) throws(ParseError) {
        guard input.depth < Self.maximumDepth else { throw .tooLarge("it lies too deep within other messages") }
        let file = ParserInput(attachment.part.decodedBody, fileName: attachment.name, within: input)
        for document in try DocumentDispatcher().read(file) {
            var document = document
            document.member = .attachment(Self.name(of: document.member, in: attachment.name), within: number)
            try append(document)
        }
    }

    /// What a document is called that is one of several in an attached file; what is attached to an attached message keeps
    /// its own name.
    private static func name(of member: ParsedDocument.Member?, in file: String) -> String {
        switch member {
        case nil: file
        case .sheet(let sheet): "\(file) - Sheet:\(sheet)"
        case .message(let number): "\(file) - message \(number)"
        case .attachment(let name, _): name
        }
    }
}

extension ParseError {
    /// Why a file within another one gave no text, for people, as the end of a sentence.
    fileprivate var reason: String {
        switch self {
        case .unsupported: "files of its kind are not read"
        case .empty: "it holds no text"
        case .encrypted: "it is encrypted"
        case .corrupt(let why), .tooLarge(let why), .unavailable(let why): why
        case .toolMissing(let tool): "\(tool) is missing on this server"
        }
    }
}
