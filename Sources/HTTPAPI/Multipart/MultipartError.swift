/// Why a request body cannot be read as the form that an upload needs.
///
/// `description` is one sentence for the client. The first five are the wording that existing clients know.
package enum MultipartError: Error, Equatable, CustomStringConvertible {
    /// `Content-Type` names no usable boundary.
    case boundaryNotFound
    /// The body ends before the closing boundary, or its first boundary never comes.
    case unexpectedEnd
    /// A text field is longer than `UploadLimits.maximumFieldBytes`.
    case fieldTooLong
    /// A part has no `name`.
    case fieldNameMissing
    /// A second file, or a file under another name than `file`.
    case unexpectedField
    /// `Content-Type` is something else than `multipart/form-data`.
    case notMultipart
    /// The text says what is wrong with the header block of a part.
    case malformedPartHeader(String)
    case tooManyParts(limit: Int)
    /// The text fields together are longer than `UploadLimits.maximumTotalFieldBytes`.
    case fieldsTooLong
    /// The form has no file part, or one in which no file was chosen.
    case fileMissing
    /// Much data follows the closing boundary, so that it cannot have been the end.
    case dataAfterEnd

    package var description: String {
        switch self {
        case .boundaryNotFound: "Multipart: Boundary not found"
        case .unexpectedEnd: "Unexpected end of form"
        case .fieldTooLong: "Field value too long"
        case .fieldNameMissing: "Field name missing"
        case .unexpectedField: "Unexpected field"
        case .notMultipart: "The request must be multipart/form-data"
        case .malformedPartHeader(let reason): "Malformed part header: \(reason)"
        case .tooManyParts(let limit): "The form has more than \(limit) parts"
        case .fieldsTooLong: "The text fields of the form are too long"
        case .fileMissing: "The form has no file in a part named 'file'"
        case .dataAfterEnd: "Unexpected data after the end of the form"
        }
    }
}
