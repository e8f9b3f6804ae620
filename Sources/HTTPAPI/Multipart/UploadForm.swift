import Domain
package import Engine
package import NIOCore
package import OrderedJSON

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
/// The file belongs to whoever asked for the form, who ingests it or removes it from the spool.
package struct UploadForm: Sendable {
    package let file: SpooledFile
    /// What to call the file towards people; see `ClientFileName`.
    package let clientFileName: String
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
}
