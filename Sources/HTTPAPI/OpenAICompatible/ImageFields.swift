import Domain
import HTTPTypes
import Hummingbird
import NIOCore
import OrderedJSON

/// The fields of a request for a picture, and the pictures that came with it: JSON, a form, or a form with files.
struct ImageFields {
    let object: JSONObject
    private(set) var references: [ReferenceImage] = []

    static let maximumReferences = 10
    /// Bytes of each.
    static let maximumReferenceLength = 25 << 20
    /// Bytes of all text fields, and of what stands between the parts.
    private static let maximumRest = 2 << 20

    /// The request keeps its stream, so that a disconnect can still be seen. Pictures are held in memory: they are sent on at
    /// once.
    init(_ request: inout Request) async throws {
        let contentType = request.headers[.contentType] ?? ""
        guard contentType.prefix(while: { $0 != ";" }).lowercased() == "multipart/form-data" else {
            object = try await RequestPayload(&request).object
            return
        }
        let limit = Self.maximumReferences * Self.maximumReferenceLength + Self.maximumRest
        var collection = BodyCollection(limit: limit)
        defer { collection.release() }
        let body = try await collection.collect(request)
        do {
            let form = try await ImageForm(body, contentType: contentType)
            object = form.fields.object
            references = form.references
        } catch let error as MultipartError {
            throw Self.refusal(error.description)
        }
    }

    fileprivate static func refusal(_ reason: String, _ status: HTTPResponse.Status = .badRequest) -> APIError {
        APIError(status, body: ["success": false, "error": .string("Invalid image upload. \(reason)")])
    }
}

/// Takes a form apart.
private struct ImageForm {
    private(set) var fields = FormFields()
    private(set) var references: [ReferenceImage] = []
    /// The part at hand.
    private var header = PartHeader(name: nil)
    private var bytes = ByteBuffer()
    private var fieldLength = 0

    private static let maximumFieldLength = 1 << 20

    init(_ body: ByteBuffer, contentType: String) async throws {
        let pieces = AsyncStream { continuation in
            continuation.yield(body)
            continuation.finish()
        }
        var parser = try MultipartParser(pieces, contentType: contentType)
        while true {
            switch try await parser.next() {
            case .part(let header): try begin(header)
            case .body(var piece):
                bytes.writeBuffer(&piece)
                try checkLength()
            case .partEnd: try end()
            case .end: return
            }
        }
    }

    /// Whether the part at hand is a file, and not a text.
    private var isFile: Bool { header.fileName != nil }

    private mutating func begin(_ header: PartHeader) throws {
        guard let name = header.name, !name.isEmpty else { throw MultipartError.fieldNameMissing }
        self.header = header
        bytes = ByteBuffer()
        // Browsers send an empty name, and no content, where a form was sent without choosing a file.
        guard isFile, header.fileName != "" else { return }
        guard name == "image_references" else { throw MultipartError.unexpectedField }
        guard references.count < ImageFields.maximumReferences else {
            throw ImageFields.refusal("There may be at most \(ImageFields.maximumReferences) references")
        }
        guard header.mediaType?.hasPrefix("image/") == true else {
            throw ImageFields.refusal("Only images are allowed")
        }
    }

    private func checkLength() throws {
        if isFile, bytes.readableBytes > ImageFields.maximumReferenceLength {
            let limit = ImageFields.maximumReferenceLength >> 20
            throw ImageFields.refusal("File too large: a reference may have at most \(limit) MiB")
        }
        if !isFile, fieldLength + bytes.readableBytes > Self.maximumFieldLength { throw MultipartError.fieldTooLong }
    }

    private mutating func end() throws {
        guard isFile else {
            fieldLength += bytes.readableBytes
            fields.append(String(buffer: bytes), to: header.name ?? "")
            return
        }
        guard header.fileName != "" || bytes.readableBytes > 0 else { return }
        guard let reference = ReferenceImage(Array(bytes.readableBytesView)) else {
            throw ImageFields.refusal("Only images are allowed: PNG, JPEG, GIF or WebP")
        }
        references.append(reference)
    }
}
