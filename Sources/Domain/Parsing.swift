/// How much a parser may produce and use.
package struct ParseLimits: Sendable, Codable {
    /// UTF-8 bytes of extracted text, over which the document is refused.
    package var maximumTextBytes = 64 << 20
    /// Bytes that an archive may unpack to, over which it is refused.
    package var maximumExpandedBytes = 512 << 20
    /// Wall-clock seconds for one document.
    package var maximumSeconds = 600
    /// Seconds of processor time of the child, and of each tool whose work is in proportion to the file's size.
    package var maximumProcessorSeconds = 60
    /// Seconds of processor time of a tool whose work is in proportion to the number of pages, and for one page that is
    /// recognised.
    package var maximumToolSeconds = 120
    /// Pages of one document, over which it is refused.
    package var maximumPages = 50_000
    /// Pages of one document that are read by character recognition; further ones are left out.
    package var maximumRecognizedPages = 1000
    /// Wall-clock seconds for the recognition of one document; pages for which no time is left are left out.
    package var maximumRecognitionSeconds = 480
    /// Pixels of a picture, over which it is refused.
    package var maximumPixels = 100_000_000
    /// Tesseract's codes of the languages that pictures are expected to be in; those that are not installed are passed over.
    package var recognitionLanguages = ["eng"]
    /// Address space of the child process, in bytes.
    package var maximumMemoryBytes = 4 << 30

    package init() {}

    /// The same with times that fit a file of this size: a small one that takes long is made to take long.
    /// - Parameter pages: whether the file has pages, which may be many in few bytes, or take seconds each to be recognised.
    package func fitting(fileOfBytes count: Int, pages: Bool = false) -> ParseLimits {
        var limits = self
        limits.maximumProcessorSeconds = min(maximumProcessorSeconds, 5 + count / (100 << 10))
        // On a machine that is busy, a second of the processor takes several by the clock.
        if !pages { limits.maximumSeconds = min(maximumSeconds, 30 + 8 * limits.maximumProcessorSeconds) }
        return limits
    }
}

/// Why a file gave no text. Each says which of the possible reasons it was.
package enum ParseError: Error, Sendable, Equatable, Codable {
    /// No parser knows this kind of file.
    case unsupported
    /// Well formed, but without a single character of text.
    case empty
    /// Readable only with a password.
    case encrypted
    /// Not what its name says, or damaged; the text says what was wrong, for people.
    case corrupt(String)
    /// More text, memory or time than the limits allow; the text says which.
    case tooLarge(String)
    /// The tool that reads this format is missing on this machine; the text names it.
    case toolMissing(String)
    /// It can be read, but not now; the text says what is short.
    case unavailable(String)
}

/// How far the reading of a file is.
package struct ParseProgress: Sendable, Equatable, Codable {
    /// Pages, slides, messages or the like that have been read.
    package var done: Int
    /// How many there are.
    package var total: Int

    package init(done: Int, total: Int) {
        self.done = done
        self.total = total
    }
}

/// A kind of file that clients are told about.
package struct FileType: Sendable, Equatable {
    package var mediaType: String
    /// With the dot, in the order in which they are listed.
    package var fileExtensions: [String]
    /// What kind of recording it is; `nil` for documents.
    package var recording: RecordingFormat?

    package init(mediaType: String, fileExtensions: [String], recording: RecordingFormat? = nil) {
        self.mediaType = mediaType
        self.fileExtensions = fileExtensions
        self.recording = recording
    }
}

/// Reads an uploaded file with the parser that fits it, wherever that parser runs.
package protocol DocumentReader: Sendable {
    /// The documents in the file at `path`, which the server named itself; `fileName` is the client's and only tells the
    /// format.
    ///
    /// - Parameters:
    ///   - address: where the file was fetched from, which relative addresses in it start from; `nil` where it was sent.
    ///   - progress: is told from time to time how far it is, where the format has parts that can be counted.
    func read(
        path: String, fileName: String, address: LinkAddress?,
        progress: @escaping @Sendable (ParseProgress) async -> Void
    ) async throws -> [ParsedDocument]
    /// Whether the file is plain text, which is read without a child process; a look at its beginning tells.
    func isPlainText(path: String, fileName: String) async -> Bool
    /// What kind of recording the file is; `nil` where it is none. A look at its beginning tells.
    func recordingFormat(path: String, fileName: String) async throws -> RecordingFormat?
    /// What decides, besides the bytes and the name of a file, on the text that reading it gives; empty where nothing does.
    ///
    /// - Parameter address: where the file was fetched from; `nil` where it was sent.
    func circumstances(path: String, fileName: String, address: LinkAddress?) async throws -> String
    /// In the order in which they are listed to clients.
    var acceptedTypes: [FileType] { get }
}

extension DocumentReader {
    package func circumstances(path: String, fileName: String, address: LinkAddress?) async throws -> String { "" }
}

extension DocumentReader {
    package func read(
        path: String, fileName: String, address: LinkAddress? = nil
    ) async throws -> [ParsedDocument] {
        try await read(path: path, fileName: fileName, address: address) { _ in }
    }
}
