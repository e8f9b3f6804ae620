import Domain

/// Decides from a file's name and first bytes which format it is read as.
///
/// Where the content is unmistakable and supported, it wins over the name: a PDF that is called `.txt` is read as PDF.
/// A name which promises what the content is not is refused, and says so.
enum FormatSelection: Sendable {
    case format(DocumentFormat)
    /// A ZIP archive: its entries must be listed before the format is known.
    case archive
    /// An OLE 2 compound file: its directory tells an encrypted document from an old one.
    case compoundFile

    init(_ input: ParserInput) throws(ParseError) {
        try self.init(sample: input.prefix(ContentKind.sampleBytes)[...], fileName: input.fileName)
    }

    init(sample: ArraySlice<UInt8>, fileName: String) throws(ParseError) {
        let fileExtension = FileExtension.of(fileName)
        let claimed = DocumentFormat.named(fileExtension)
        let kind = ContentKind(sample: sample, isNamedText: claimed?.container == .text)
        switch kind {
        case .pdf:
            self = .format(DocumentFormat.all.first { $0.container == .pdf } ?? .plainText)
        case .picture(let kind):
            // Any name will do for a picture, but for that of something else which it is not.
            guard claimed == nil || claimed?.container.isPicture == true else {
                throw claimed?.container == .text ? .unsupported : Self.unlike(claimed)
            }
            guard let format = DocumentFormat.all.first(where: { $0.container == .picture(kind) }) else {
                throw .unsupported
            }
            self = .format(format)
        case .rtf:
            self = .format(DocumentFormat.all.first { $0.container == .rtf } ?? .plainText)
        case .recording(let kind):
            // Any name will do, but for that of something else.
            guard claimed == nil || claimed?.container.isRecording == true else { throw Self.unlike(claimed) }
            guard let format = DocumentFormat.all.first(where: { $0.container == .recording(kind) }) else {
                throw .unsupported
            }
            self = .format(format)
        case .archive:
            self = .archive
        case .compoundFile:
            self = .compoundFile
        case .empty:
            throw claimed == nil && FileExtension.neverText.contains(fileExtension) ? .unsupported : .empty
        case .text, .binary:
            self = .format(try Self.withoutSignature(sample, kind: kind, fileName: fileName, claimed: claimed))
        }
    }

    private static func unlike(_ claimed: DocumentFormat?) -> ParseError {
        .corrupt("it does not look like a \(claimed?.name ?? "known") file")
    }

    /// For content that carries no signature of a supported format.
    private static func withoutSignature(
        _ sample: ArraySlice<UInt8>, kind: ContentKind, fileName: String, claimed: DocumentFormat?
    ) throws(ParseError) -> DocumentFormat {
        if let claimed, claimed.container != .text {
            if kind == .text, DocumentFormat.flatExtensions.contains(FileExtension.of(fileName)) { return claimed }
            if claimed.container == .pdf, ContentKind.holdsPDFHeader(sample) { return claimed }
            if case .compoundFile = claimed.container, kind == .text { return try exportedFormat(sample) }
            throw Self.unlike(claimed)
        }
        guard kind == .text else { throw .unsupported }
        if let claimed { return claimed }
        let refused = FileExtension.isDotFile(fileName) || FileExtension.neverText.contains(FileExtension.of(fileName))
        if refused { throw .unsupported }
        if FileExtension.of(fileName).isEmpty, MailboxSplitter.begins(sample) { return .mailbox }
        return .plainText
    }

    /// What programs export under the name of an old Office file, because Office opens it: rich text, a page, or plain text.
    private static func exportedFormat(_ sample: ArraySlice<UInt8>) throws(ParseError) -> DocumentFormat {
        let start = sample.drop { $0 <= 0x20 || $0 >= 0x80 }.prefix(16)
        let opening = String(decoding: start, as: UTF8.self).lowercased()
        if opening.hasPrefix("{\\rtf") {
            guard let richText = DocumentFormat.named(".rtf") else {
                throw .corrupt("it is rich text (RTF), which is not supported; save it as DOCX")
            }
            return richText
        }
        let isPage = ["<html", "<!doctype html", "<head", "<meta", "<table"].contains { opening.hasPrefix($0) }
        return (isPage ? DocumentFormat.named(".html") : nil) ?? .plainText
    }
}
