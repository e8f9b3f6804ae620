import Domain
import Engine
import NIOCore

/// Takes the events of a form in order: text fields into memory, the file into the spool directory.
struct UploadReader {
    /// What the part that is being read becomes.
    private enum Target {
        case field(name: String)
        case file(SpoolWriter)
        /// A file part in which no file was chosen.
        case nothing
    }

    private let spool: SpoolDirectory
    private let limits: UploadLimits
    private var target = Target.nothing
    private var fieldValue: [UInt8] = []
    private var totalFieldBytes = 0
    private var fields = FormFields()
    private var clientFileName = ClientFileName.fallback
    private var file: SpooledFile?

    init(spool: SpoolDirectory, limits: UploadLimits) {
        self.spool = spool
        self.limits = limits
    }

    mutating func begin(_ header: PartHeader) async throws {
        guard let name = header.name, !name.isEmpty else { throw MultipartError.fieldNameMissing }
        guard header.isFile else {
            fieldValue.removeAll()
            target = .field(name: name)
            try count(name.utf8.count)
            return
        }
        // Browsers send an empty name, and no content, where a form was sent without choosing a file.
        guard header.fileName != "" else { return target = .nothing }
        guard name == "file", file == nil else { throw MultipartError.unexpectedField }
        clientFileName = ClientFileName.sanitized(header.fileName ?? "")
        target = .file(try await spool.makeWriter(maximumBytes: limits.maximumFileBytes))
    }

    mutating func append(_ piece: ByteBuffer) async throws {
        switch target {
        case .field:
            guard fieldValue.count + piece.readableBytes <= limits.maximumFieldBytes else {
                throw MultipartError.fieldTooLong
            }
            try count(piece.readableBytes)
            fieldValue.append(contentsOf: piece.readableBytesView)
        case .file(let writer): try await writer.append(piece.readableBytesView)
        case .nothing: break
        }
    }

    mutating func endPart() async throws {
        switch target {
        case .field(let name): fields.append(FieldParameters.text(fieldValue), to: name)
        case .file(let writer): file = try await writer.finish()
        case .nothing: break
        }
        target = .nothing
    }

    func form() throws -> UploadForm {
        guard let file else { throw MultipartError.fileMissing }
        return UploadForm(file: file, clientFileName: clientFileName, fields: fields)
    }

    /// Deletes what has been written so far.
    func discard() async {
        if case .file(let writer) = target { await writer.discard() }
        if let file { await spool.remove(file.name) }
    }

    private mutating func count(_ bytes: Int) throws {
        totalFieldBytes += bytes
        guard totalFieldBytes <= limits.maximumTotalFieldBytes else { throw MultipartError.fieldsTooLong }
    }
}

extension PartHeader {
    /// A part with a file name, or one named `file` that says it is something else than text: some clients send bytes
    /// without naming them.
    fileprivate var isFile: Bool {
        fileName != nil || name == "file" && mediaType != nil && mediaType != "text/plain"
    }
}
