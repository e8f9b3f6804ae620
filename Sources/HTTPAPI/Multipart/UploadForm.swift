package import Domain
package import NIOCore

/// How large the parts of an upload may be. All in bytes.
package struct UploadLimits: Sendable {
    package var maximumFileBytes: Int
    /// Of one text field.
    package var maximumFieldBytes = 1 << 20
    /// Of all text fields together, their names included.
    package var maximumTotalFieldBytes = 8 << 20

    package init(maximumFileBytes: Int) { self.maximumFileBytes = maximumFileBytes }
}

/// A form with one file, which has been written to the spool directory while it was read.
///
/// The file belongs to whoever asked for the form: rename it, or delete it with `removeFile()`.
package struct UploadForm: Sendable {
    /// Of the file on this machine, made by the server.
    package let path: String
    /// The file's name in the spool.
    package let spoolFile: SpoolFileName
    /// What to call the file towards people; see `ClientFileName`.
    package let clientFileName: String
    package let byteCount: Int
    /// SHA-256 of the file's content, in lower-case hexadecimal.
    package let sha256: String
    /// All text fields.
    package let fields: FormFields

    /// As sent: a text, or an array where the field was repeated; `nil` where it was not sent.
    package var addToWorkspaces: JSON? { fields["addToWorkspaces"] }
    /// The text as sent, which may or may not be JSON, or an object where it came in bracket fields.
    package var metadata: JSON? { fields["metadata"] }

    /// Reads the body to its end, at the pace at which the disk takes it.
    ///
    /// Whenever this throws, and when the task is cancelled, nothing is left in the spool directory.
    /// - Throws: `MultipartError` for a form that is not as it must be; `ServiceError` with code `tooLarge` for a file over
    ///   its limit and `unavailable` where the disk is full or broken; `CancellationError`; and what `body` throws.
    package static func read(
        body: some AsyncSequence<ByteBuffer, any Error>, contentType: String?, spool: SpoolDirectory,
        limits: UploadLimits
    ) async throws -> UploadForm {
        var parser = try MultipartParser(body, contentType: contentType)
        var reader = UploadReader(spool: spool, limits: limits)
        do {
            while true {
                try Task.checkCancellation()
                switch try await parser.next() {
                case .part(let header): try await reader.begin(header)
                case .body(let piece): try await reader.append(piece)
                case .partEnd: try await reader.endPart()
                case .end: return try reader.form()
                }
            }
        } catch {
            await reader.discard()
            throw error
        }
    }

    /// Deletes the file.
    package func removeFile() async { await SpoolFile.remove(path) }
}
