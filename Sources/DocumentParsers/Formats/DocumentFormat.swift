package import Domain

/// One kind of file that Lectern reads: what clients are told about it, how its content is recognised, and its parser.
///
/// A new format is a folder with a parser, and one line in `all`.
package struct DocumentFormat: Sendable {
    /// What people call it, used in messages.
    package let name: String
    package let mediaType: String
    /// Lower case, with the dot, in the order in which they are listed to clients.
    package let fileExtensions: [String]
    /// Further ones under which such files are met.
    var unlistedExtensions: Set<String> = []
    /// What every file of this format looks like from outside.
    let container: Container
    let parser: any DocumentParser

    enum Container: Equatable, Sendable {
        case text
        case pdf
        case picture(PictureKind)
        case rtf
        case recording(RecordingFormat)
        /// A ZIP archive that holds an entry whose name begins with `marker`.
        case archive(marker: String)
        /// A ZIP archive whose entry `mimetype` says one of these; or whose name promises it and which holds the entry `main`.
        case package(mediaTypes: Set<String>, main: String)
        /// An OLE 2 compound file that holds one of these streams.
        case compoundFile(streams: [String])

        var isPicture: Bool {
            if case .picture = self { true } else { false }
        }

        var isRecording: Bool { recording != nil }

        var recording: RecordingFormat? {
            if case .recording(let format) = self { format } else { nil }
        }
    }

    /// How the media types of Office Open XML begin.
    private static let officeType = "application/vnd.openxmlformats-officedocument."

    /// In the order in which they are listed to clients. The first text format reads every text without its own format.
    static let all: [DocumentFormat] = [
        DocumentFormat(
            name: "text", mediaType: "text/plain", fileExtensions: [".txt", ".md", ".org", ".adoc", ".rst"],
            container: .text, parser: TextParser()),
        DocumentFormat(
            name: "HTML", mediaType: "text/html", fileExtensions: [".html", ".htm"],
            unlistedExtensions: [".xht"], container: .text, parser: HTMLParser()),
        DocumentFormat(
            name: "CSV", mediaType: "text/csv", fileExtensions: [".csv", ".tsv"], unlistedExtensions: [".tab", ".psv"],
            container: .text, parser: CSVParser()),
        DocumentFormat(
            name: "JSON", mediaType: "application/json", fileExtensions: [".json", ".jsonl", ".ndjson", ".geojson"],
            container: .text, parser: JSONTextParser()),
        DocumentFormat(
            name: "Word (DOCX)", mediaType: officeType + "wordprocessingml.document", fileExtensions: [".docx"],
            container: .archive(marker: "word/"), parser: WordParser()),
        DocumentFormat(
            name: "PowerPoint (PPTX)", mediaType: officeType + "presentationml.presentation", fileExtensions: [".pptx"],
            container: .archive(marker: "ppt/"), parser: PresentationParser()),
        DocumentFormat(
            name: "workbook (XLSX)", mediaType: officeType + "spreadsheetml.sheet", fileExtensions: [".xlsx"],
            unlistedExtensions: [".xlsb"], container: .archive(marker: "xl/"), parser: SpreadsheetParser()),
        .openDocument("text (ODT)", "text", endings: [".odt"], [".ott", ".fodt"], OpenDocumentParser(kind: .text)),
        .openDocument(
            "presentation (ODP)", "presentation", endings: [".odp"], [".otp", ".fodp"],
            OpenDocumentParser(kind: .presentation)),
        .openDocument(
            "spreadsheet (ODS)", "spreadsheet", endings: [".ods"], [".ots", ".fods"],
            OpenDocumentParser(kind: .spreadsheet)),
        DocumentFormat(
            name: "PDF", mediaType: "application/pdf", fileExtensions: [".pdf"], container: .pdf, parser: PDFParser()),
        mailbox,
        .recording("WAV", "audio/wav", [".wav"], .wav, [".wave"]),
        .recording("MP3", "audio/mpeg", [".mp3"], .mp3, [".mpga"]),
        .recording("Ogg", "audio/ogg", [".ogg", ".oga"], .ogg, [".spx"]),
        .recording("Ogg", "audio/opus", [".opus"], .ogg),
        .recording("M4A", "audio/mp4", [".m4a"], .m4a, [".m4b"]),
        // Not a registered media type, but clients look for it.
        .recording("M4A", "audio/x-m4a", [".m4a"], .m4a),
        .recording("WebM", "audio/webm", [".webm"], .webm, [".weba"]),
        .recording("MP4", "video/mp4", [".mp4"], .mp4, [".m4v"]),
        .recording("MPEG", "video/mpeg", [".mpeg"], .mpeg, [".mpg"]),
        DocumentFormat(
            name: "Rich Text (RTF)", mediaType: "application/rtf", fileExtensions: [".rtf"], container: .rtf,
            parser: RTFParser()),
        DocumentFormat(
            name: "mail message (EML)", mediaType: "message/rfc822", fileExtensions: [".eml"],
            unlistedExtensions: [".mht", ".mhtml"], container: .text, parser: MailParser()),
        DocumentFormat(
            name: "book (EPUB)", mediaType: "application/epub+zip", fileExtensions: [".epub"],
            container: .package(mediaTypes: ["application/epub+zip"], main: "META-INF/container.xml"),
            parser: EPUBParser()),
        DocumentFormat(
            name: "PNG", mediaType: "image/png", fileExtensions: [".png"], container: .picture(.png),
            parser: PictureParser()),
        DocumentFormat(
            name: "JPEG", mediaType: "image/jpeg", fileExtensions: [".jpg", ".jpeg"], container: .picture(.jpeg),
            parser: PictureParser()),
        // Not a media type, but clients look for it.
        DocumentFormat(
            name: "JPEG", mediaType: "image/jpg", fileExtensions: [".jpg"], container: .picture(.jpeg),
            parser: PictureParser()),
        DocumentFormat(
            name: "WebP", mediaType: "image/webp", fileExtensions: [".webp"], container: .picture(.webp),
            parser: PictureParser()),
        DocumentFormat(
            name: "TIFF", mediaType: "image/tiff", fileExtensions: [".tiff", ".tif"], container: .picture(.tiff),
            parser: PictureParser()),
        DocumentFormat(
            name: "GIF", mediaType: "image/gif", fileExtensions: [".gif"], container: .picture(.gif),
            parser: PictureParser()),
        DocumentFormat(
            name: "BMP", mediaType: "image/bmp", fileExtensions: [".bmp"], container: .picture(.bmp),
            parser: PictureParser()),
        DocumentFormat(
            name: "XML", mediaType: "application/xml", fileExtensions: [".xml"],
            unlistedExtensions: [
                ".rss", ".atom", ".svg", ".docbook", ".dbk", ".kml", ".gpx", ".opml", ".dita", ".tei",
            ],
            container: .text, parser: XMLTextParser()),
        DocumentFormat(
            name: "Word (DOCM)", mediaType: "application/vnd.ms-word.document.macroEnabled.12",
            fileExtensions: [".docm"],
            container: .archive(marker: "word/"), parser: WordParser()),
        DocumentFormat(
            name: "Word (DOTX)", mediaType: officeType + "wordprocessingml.template", fileExtensions: [".dotx"],
            unlistedExtensions: [".dotm"], container: .archive(marker: "word/"), parser: WordParser()),
        DocumentFormat(
            name: "PowerPoint (PPTM)", mediaType: "application/vnd.ms-powerpoint.presentation.macroEnabled.12",
            fileExtensions: [".pptm"], container: .archive(marker: "ppt/"), parser: PresentationParser()),
        DocumentFormat(
            name: "PowerPoint (POTX)", mediaType: officeType + "presentationml.template", fileExtensions: [".potx"],
            unlistedExtensions: [".potm"], container: .archive(marker: "ppt/"), parser: PresentationParser()),
        DocumentFormat(
            name: "PowerPoint (PPSX)", mediaType: officeType + "presentationml.slideshow", fileExtensions: [".ppsx"],
            unlistedExtensions: [".ppsm"], container: .archive(marker: "ppt/"), parser: PresentationParser()),
        DocumentFormat(
            name: "XHTML", mediaType: "application/xhtml+xml", fileExtensions: [".xhtml"], container: .text,
            parser: HTMLParser()),
        DocumentFormat(
            name: "workbook (XLSM)", mediaType: "application/vnd.ms-excel.sheet.macroEnabled.12",
            fileExtensions: [".xlsm"],
            container: .archive(marker: "xl/"), parser: SpreadsheetParser()),
        DocumentFormat(
            name: "workbook (XLTX)", mediaType: officeType + "spreadsheetml.template", fileExtensions: [".xltx"],
            unlistedExtensions: [".xltm"], container: .archive(marker: "xl/"), parser: SpreadsheetParser()),
        DocumentFormat(
            name: "Word (DOC)", mediaType: "application/msword", fileExtensions: [".doc"], unlistedExtensions: [".dot"],
            container: .compoundFile(streams: ["WordDocument"]), parser: BinaryWordParser()),
        DocumentFormat(
            name: "PowerPoint (PPT)", mediaType: "application/vnd.ms-powerpoint", fileExtensions: [".ppt"],
            unlistedExtensions: [".pps", ".pot"], container: .compoundFile(streams: ["PowerPoint Document"]),
            parser: BinaryPresentationParser()),
        DocumentFormat(
            name: "workbook (XLS)", mediaType: "application/vnd.ms-excel", fileExtensions: [".xls"],
            unlistedExtensions: [".xlt"], container: .compoundFile(streams: ["Workbook", "Book"]),
            parser: BinaryWorkbookParser()),
        .recording("WebM", "video/webm", [".webm"], .webm),
        .recording("FLAC", "audio/flac", [".flac"], .flac),
        .recording("AAC", "audio/aac", [".aac"], .aac),
        .recording("AIFF", "audio/aiff", [".aiff", ".aif"], .aiff, [".aifc"]),
        .recording("AMR", "audio/amr", [".amr"], .amr),
        .recording("Core Audio", "audio/x-caf", [".caf"], .caf),
        .recording("AU", "audio/basic", [".au"], .au, [".snd"]),
        .recording("Windows Media", "audio/x-ms-wma", [".wma"], .windowsMedia),
        .recording("Windows Media", "video/x-ms-wmv", [".wmv"], .windowsMedia, [".asf"]),
        .recording("QuickTime", "video/quicktime", [".mov"], .quickTime, [".qt"]),
        .recording("Matroska", "video/x-matroska", [".mkv"], .matroska, [".mka"]),
        .recording("AVI", "video/x-msvideo", [".avi"], .avi),
        .recording("3GPP", "video/3gpp", [".3gp"], .threeGP, [".3g2"]),
        .recording("MPEG transport stream", "video/mp2t", [".mts", ".m2ts"], .mpegTransport),
        .recording("Flash video", "video/x-flv", [".flv"], .flash),
    ]

    /// Also recognised without its name: mailboxes of Unix and of Thunderbird have none.
    static let mailbox = DocumentFormat(
        name: "mailbox (MBOX)", mediaType: "application/mbox", fileExtensions: [".mbox"],
        unlistedExtensions: [".mbx"], container: .text, parser: MailboxParser())

    /// A kind of OpenDocument, whose templates have media types of their own. Flat files are XML, so text by their container.
    private static func openDocument(
        _ name: String, _ kind: String, endings: [String], _ unlisted: Set<String>, _ parser: OpenDocumentParser
    ) -> DocumentFormat {
        let mediaType = "application/vnd.oasis.opendocument.\(kind)"
        return DocumentFormat(
            name: "LibreOffice \(name)", mediaType: mediaType, fileExtensions: endings, unlistedExtensions: unlisted,
            container: .package(mediaTypes: [mediaType, mediaType + "-template"], main: "content.xml"), parser: parser)
    }

    private static func recording(
        _ name: String, _ mediaType: String, _ endings: [String], _ format: RecordingFormat,
        _ unlisted: Set<String> = []
    ) -> DocumentFormat {
        DocumentFormat(
            name: name, mediaType: mediaType, fileExtensions: endings, unlistedExtensions: unlisted,
            container: .recording(format), parser: RecordingParser())
    }

    static var plainText: DocumentFormat { all[0] }

    /// Under these names an OpenDocument is one XML file and no archive.
    static let flatExtensions: Set<String> = [".fodt", ".fodp", ".fods"]

    /// The format that a file of this extension (lower case, with the dot) claims to be.
    static func named(_ fileExtension: String) -> DocumentFormat? {
        all.first { $0.fileExtensions.contains(fileExtension) || $0.unlistedExtensions.contains(fileExtension) }
    }

    /// In the order in which they are listed to clients: what can be read on this machine, and recordings, which are read
    /// where somebody transcribes them.
    package static var acceptedTypes: [FileType] {
        let readsPictures = Tesseract.tool.isInstalled
        return all.filter { readsPictures || !$0.container.isPicture }.map {
            FileType(
                mediaType: $0.mediaType, fileExtensions: $0.fileExtensions, recording: $0.container.recording)
        }
    }

    /// What kind of recording the file is; `nil` where it is none.
    static func recording(path: String, fileName: String) -> RecordingFormat? {
        guard let input = try? ParserInput(path: path, fileName: fileName, limits: ParseLimits()),
            case .format(let format) = try? FormatSelection(input)
        else { return nil }
        return format.container.recording
    }

    /// Whether the work on this file is in proportion to its pages.
    static func hasPages(path: String, fileName: String, limits: ParseLimits) -> Bool {
        guard let input = try? ParserInput(path: path, fileName: fileName, limits: limits),
            case .format(let format) = try? FormatSelection(input)
        else { return false }
        return type(of: format.parser).hasPages
    }

    /// What of the address that a file was fetched from decides on its text; empty where nothing does.
    static func circumstances(path: String, fileName: String, address: LinkAddress?) -> String {
        guard let address, let input = try? ParserInput(path: path, fileName: fileName, limits: ParseLimits()),
            case .format(let format) = try? FormatSelection(input), type(of: format.parser).resolvesLinks
        else { return "" }
        return address.base
    }
}
