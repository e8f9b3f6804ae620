import Domain

/// What the first bytes of a file say it is, whatever its name.
enum ContentKind: Equatable {
    case empty
    case text
    case pdf
    case picture(PictureKind)
    case rtf
    case recording(RecordingFormat)
    /// A ZIP archive, which may be an office document.
    case archive
    /// An OLE 2 compound file: an office document of before 2007, or an encrypted one of today.
    case compoundFile
    /// Anything else that is not text.
    case binary

    /// How many bytes from the start of the file are looked at.
    static let sampleBytes = 8192

    /// - Parameter isNamedText: whether the name is one of a text format, which settles doubtful cases.
    init(sample: ArraySlice<UInt8>, isNamedText: Bool) {
        if sample.isEmpty {
            self = .empty
        } else if sample.starts(with: [0x50, 0x4B, 0x03, 0x04]) || sample.starts(with: [0x50, 0x4B, 0x05, 0x06]) {
            self = .archive
        } else if sample.starts(with: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
            self = .compoundFile
        } else if Self.beginsPDF(sample) {
            self = .pdf
        } else if let kind = PictureKind(sample) {
            self = .picture(kind)
        } else if RTFParser.begins(sample) {
            self = .rtf
        } else if let format = RecordingFormat(sample) {
            self = .recording(format)
        } else if BinarySignatures.match(sample) {
            self = .binary
        } else {
            self = TextSniffer.isText(Array(sample), isNamedText: isNamedText) ? .text : .binary
        }
    }

    /// The header at the very start, after white space or a byte order mark at most, so that a text about PDF stays text.
    private static func beginsPDF(_ sample: ArraySlice<UInt8>) -> Bool {
        let body = sample.drop { $0 <= 0x20 || $0 == 0xEF || $0 == 0xBB || $0 == 0xBF }
        return body.starts(with: "%PDF-".utf8)
    }

    /// PDF readers accept the header anywhere within the first 1024 bytes (ISO 32000-1, annex H.3, note 13); a file that
    /// is named PDF is taken for one on the same terms.
    static func holdsPDFHeader(_ sample: ArraySlice<UInt8>) -> Bool {
        let head = sample.prefix(1024)
        let header = Array("%PDF-".utf8)
        return head.indices.contains { head[$0...].starts(with: header) }
    }
}
