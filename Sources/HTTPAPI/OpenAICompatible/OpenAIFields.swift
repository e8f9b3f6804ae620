import Domain
import HTTPTypes
import Hummingbird
import OrderedJSON

/// Reads the members of an object as OpenAI's API types them. `null` counts as absent; anything else of the wrong type is
/// an error that names the field.
struct OpenAIFields {
    private let object: JSONObject
    /// Stands before the names of members in errors, `messages[2].` say.
    private let path: String

    init(_ object: JSONObject, path: String = "") {
        self.object = object
        self.path = path
    }

    /// - Parameter name: of the value itself, for errors.
    init(_ value: JSON, named name: String) throws {
        guard let object = value.objectValue else { throw Self.invalid(name, "must be an object") }
        self.init(object, path: name + ".")
    }

    subscript(key: String) -> JSON? {
        guard let value = object[key], !value.isNull else { return Optional.none }
        return value
    }

    var isEmpty: Bool { object.isEmpty }

    func name(of key: String) -> String { path + key }

    func invalid(_ key: String, _ problem: String) -> APIError { Self.invalid(name(of: key), problem) }

    static func invalid(_ name: String, _ problem: String) -> APIError {
        .openAI(.badRequest, "\(name) \(problem).", parameter: name, code: "invalid_value")
    }

    // MARK: Types

    /// Some clients write `true` and `false` as texts.
    func bool(_ key: String) throws -> Bool? {
        switch self[key] {
        case nil: nil
        case .bool(let bool): bool
        case "true": true
        case "false": false
        default: throw invalid(key, "must be true or false")
        }
    }

    /// Some clients write numbers as texts.
    func number(_ key: String, in range: ClosedRange<Double>) throws -> Double? {
        guard let value = self[key] else { return nil }
        guard let number = value.doubleValue ?? value.stringValue.flatMap(Double.init), range.contains(number) else {
            throw invalid(
                key,
                "must be a number from \(JSON.number(range.lowerBound).text) to \(JSON.number(range.upperBound).text)")
        }
        return number
    }

    func integer(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let value = self[key] else { return nil }
        let integer = value.integerValue.flatMap(Int.init(exactly:)) ?? value.stringValue.flatMap { Int($0) }
        guard let integer, range.contains(integer) else {
            let isOpen = range.upperBound == .max
            let bounds = isOpen ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
            throw invalid(key, "must be a whole number" + (range.lowerBound == .min ? "" : " \(bounds)"))
        }
        return integer
    }

    func text(_ key: String) throws -> String? {
        guard let value = self[key] else { return nil }
        guard let text = value.stringValue else { throw invalid(key, "must be a text") }
        return text
    }

    func array(_ key: String) throws -> [JSON]? {
        guard let value = self[key] else { return nil }
        guard let array = value.arrayValue else { throw invalid(key, "must be an array") }
        return array
    }

    func object(_ key: String) throws -> OpenAIFields? {
        try self[key].map { try OpenAIFields($0, named: name(of: key)) }
    }

    // MARK: Required

    func requiredText(_ key: String) throws -> String {
        guard let text = try text(key), !text.isEmpty else { throw invalid(key, "must be a text that is not empty") }
        return text
    }

    func requiredObject(_ key: String) throws -> OpenAIFields {
        guard let object = try object(key) else { throw invalid(key, "must be an object") }
        return object
    }

    /// What functions and schemas are called: 1 to 64 letters, digits, `_` and `-`.
    func identifier(_ key: String) throws -> String {
        let text = try requiredText(key)
        guard text.utf8.count <= 64, text.utf8.allSatisfy(\.isIdentifierByte) else {
            throw invalid(key, "must have at most 64 characters, all of them of a-z, A-Z, 0-9, _ and -")
        }
        return text
    }
}

extension OpenAIFields {
    /// The body of a request. It keeps its stream, so that a disconnect can still be seen.
    init(
        _ request: inout Request, limit: Int = RequestPayload.largeBody, values: Int = RequestPayload.maximumValues
    ) async throws {
        self.init(try await RequestPayload.inOpenAIShape(&request, limit: limit, values: values).object)
    }
}

extension RequestPayload {
    /// The body; what is wrong with it is said in OpenAI's shape.
    static func inOpenAIShape(
        _ request: inout Request, limit: Int = largeBody, values: Int = maximumValues
    ) async throws -> RequestPayload {
        do {
            return try await RequestPayload(&request, limit: limit, values: values)
        } catch let error as APIError {
            throw error.asOpenAI
        }
    }
}

extension UInt8 {
    fileprivate var isIdentifierByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
