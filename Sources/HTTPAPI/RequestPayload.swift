import Concurrency
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import OrderedJSON

/// The body of a request as a JSON object, whatever it was sent as.
struct RequestPayload {
    let object: JSONObject
    /// Of the body, in bytes.
    private let size: Int

    subscript(key: String) -> JSON? { object[key] }

    /// Bytes of a body that carries settings or a question.
    static let smallBody = 2 << 20
    /// Bytes of a body that carries a document or pictures.
    static let largeBody = 128 << 20

    /// Values that a body may hold; a question with its attachments has a few hundred.
    static let maximumValues = 1 << 20

    /// Reads JSON, JSON labelled as text, and simple forms; a body of another type, or none, is an empty object.
    ///
    /// No database takes a NUL character: a body with one is refused, or where it is a document's text, U+FFFD stands in its
    /// place.
    init(
        _ request: inout Request, limit: Int = RequestPayload.smallBody, values: Int = RequestPayload.maximumValues,
        replacesNUL: Bool = false
    ) async throws {
        var collection = BodyCollection(limit: limit)
        defer { collection.release() }
        let body = try await collection.collect(request)
        guard body.readableBytes > 0 else {
            object = JSONObject()
            size = 0
            return
        }
        let type = request.headers[.contentType]?.prefix { $0 != ";" }.lowercased() ?? ""
        let read: @Sendable () throws -> JSONObject = {
            try Self.object(in: body, type: type, JSONLimits(values: values), replacesNUL: replacesNUL)
        }
        size = body.readableBytes
        object = try await Self.computing(size, read)
    }

    /// What `work` makes of the body: where the body is large, off the threads that serve all tasks.
    func reading<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await Self.computing(size, work)
    }

    /// Bytes of a body above which reading it takes longer than handing it over.
    private static let computedBody = 64 << 10

    private static func computing<Value: Sendable>(
        _ size: Int, _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await size > computedBody ? ComputePool.shared.run { try work() } : work()
    }

    private static func object(
        in body: ByteBuffer, type: String, _ limits: JSONLimits, replacesNUL: Bool
    ) throws -> JSONObject {
        let sent =
            switch type {
            case "application/json", "text/plain": try json(body, limits)
            case "application/x-www-form-urlencoded": try form(body)
            // As some widgets and scripts send it.
            case "": (try? json(body, limits)) ?? JSONObject()
            default: JSONObject()
            }
        guard JSON.object(sent).holdsNUL else { return sent }
        guard replacesNUL else {
            throw APIError(.badRequest, message: "A text in the request holds a NUL character.")
        }
        return JSON.object(sent).withoutNUL.objectValue ?? JSONObject()
    }

    private static func json(_ body: ByteBuffer, _ limits: JSONLimits) throws -> JSONObject {
        do {
            let json = try JSON(parsing: body.readableBytesView, allowsDuplicateKeys: false, limits: limits)
            guard let object = json.objectValue else {
                throw APIError(.badRequest, message: "The request's body must be a JSON object.")
            }
            return object
        } catch let error as JSONParseError {
            throw APIError(
                .badRequest,
                message: "The request's body is not valid JSON: \(error.reason), at byte \(error.offset).")
        }
    }

    private static let maximumFormFields = 1000

    private static func form(_ body: ByteBuffer) throws -> JSONObject {
        var fields = FormFields()
        let pairs = String(buffer: body).split(separator: "&", maxSplits: maximumFormFields)
        guard pairs.count <= maximumFormFields else {
            throw APIError(.badRequest, message: "The form has more than \(maximumFormFields) fields.")
        }
        for pair in pairs {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let decoded = parts.map { $0.replacing("+", with: " ").percentDecoded }
            guard let name = decoded[0], decoded.count == 1 || decoded[1] != nil else {
                throw APIError(.badRequest, message: "The form is not percent-encoded correctly.")
            }
            fields.append(decoded.count == 2 ? decoded[1] ?? "" : "", to: name)
        }
        return fields.object
    }
}

extension JSON {
    var holdsNUL: Bool {
        switch self {
        case .string(let text): text.utf8.contains(0)
        case .array(let values): values.contains(where: \.holdsNUL)
        case .object(let object): object.members.contains { $0.value.holdsNUL }
        default: false
        }
    }

    /// Without NUL characters, which no database takes: U+FFFD stands in their place.
    var withoutNUL: JSON {
        switch self {
        case .string(let text):
            text.utf8.contains(0) ? .string(text.replacing("\0", with: "\u{FFFD}")) : self
        case .array(let values): .array(values.map(\.withoutNUL))
        case .object(let object):
            .object(JSONObject(members: object.members.map { (key: $0.key, value: $0.value.withoutNUL) }))
        default: self
        }
    }
}

/// JavaScript's idea of a number in a request: a number, or a text that begins with one.
extension JSON {
    var looseNumber: Double? {
        switch self {
        case .integer, .number: doubleValue
        case .string(let text): Self.leadingNumber(in: text)
        default: nil
        }
    }

    private static func leadingNumber(in text: String) -> Double? {
        let trimmed = text.drop { $0.isWhitespace }
        for end in stride(from: min(trimmed.count, 32), to: 0, by: -1) {
            let candidate = trimmed.prefix(end)
            guard candidate.allSatisfy({ "0123456789+-.eE".contains($0) }) else { continue }
            if let number = Double(candidate) { return number.isFinite ? number : nil }
        }
        return nil
    }

    /// Not empty, not zero, not false, not null: what JavaScript takes for yes. The texts `false` and `0` mean no.
    var isTruthy: Bool {
        switch self {
        case .null: false
        case .bool(let bool): bool
        case .integer(let integer): integer != 0
        case .number(let number): number != 0
        case .string(let text): !["", "false", "0"].contains(text.lowercased())
        case .array, .object: true
        }
    }

    /// What JavaScript's `typeof` says.
    var typeName: String {
        switch self {
        case .bool: "boolean"
        case .integer, .number: "number"
        case .string: "string"
        case .null, .array, .object: "object"
        }
    }
}
