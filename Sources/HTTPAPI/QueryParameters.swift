import Domain
import HTTPTypes
import Hummingbird

/// The query of an address as browsers write it (application/x-www-form-urlencoded): `+` is a space.
struct QueryParameters {
    private let values: [String: String]

    /// Of a name that comes several times, the first counts. What is not percent-encoded correctly stands for itself, as
    /// for JavaScript's servers.
    init(_ request: Request) {
        let pairs = (request.uri.query ?? "").split(separator: "&").map { pair -> (String, String) in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let decoded = parts.map(Self.decoded)
            return (decoded[0], decoded.count == 2 ? decoded[1] : "")
        }
        values = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    private static func decoded(_ text: Substring) -> String {
        text.replacing("+", with: " ").percentDecoded ?? String(text)
    }

    /// `nil` where it is absent or empty.
    subscript(name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// - Throws: 400 where there is another parameter than `names`: one that is misspelt would silently show more than was
    ///   asked for.
    func requireOnly(_ names: Set<String>) throws(APIError) {
        guard let unknown = values.keys.filter({ !names.contains($0) }).min() else { return }
        throw APIError(
            .badRequest,
            message: "There is no parameter \(unknown). There are: \(names.sorted().joined(separator: ", ")).")
    }

    /// `true`, `1` and `yes` switch on, `false`, `0` and `no` off; anything else means `standard`.
    func flag(_ name: String, else standard: Bool) -> Bool {
        switch self[name]?.lowercased() {
        case "true", "1", "yes": true
        case "false", "0", "no": false
        default: standard
        }
    }

    /// The whole number that a value begins with, as `parseInt` reads it; the greatest or smallest `Int` where it is
    /// beyond them.
    func leadingInteger(_ name: String) -> Int? {
        guard let text = self[name]?.drop(while: \.isWhitespace) else { return nil }
        let isSigned = text.first == "-" || text.first == "+"
        let digits = text.dropFirst(isSigned ? 1 : 0).prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty else { return nil }
        let magnitude = Int(digits) ?? .max
        return text.first == "-" ? -magnitude : magnitude
    }

    /// A whole number within bounds; `nil` where it is absent.
    ///
    /// - Throws: 400 where it is anything else.
    func integer(_ name: String, in range: ClosedRange<Int>) throws(APIError) -> Int? {
        guard let text = self[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw APIError(
                .badRequest, message: "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    /// A moment as ISO 8601 has it.
    ///
    /// - Throws: 400 where it is anything else.
    func time(_ name: String) throws(APIError) -> Timestamp? { try Self.time(self[name], name) }

    static func time(_ text: String?, _ name: String) throws(APIError) -> Timestamp? {
        guard let text else { return nil }
        guard let time = Timestamp(iso8601: text) else {
            throw APIError(.badRequest, message: "\(name) must be an ISO 8601 date.")
        }
        return time
    }

    /// The id of something stored: a whole number above zero.
    ///
    /// - Throws: 400 where it is anything else.
    func id(_ name: String) throws(APIError) -> Int64? { try Self.id(self[name], name) }

    static func id(_ text: String?, _ name: String) throws(APIError) -> Int64? {
        guard let text else { return nil }
        guard let id = Int64(text), id > 0 else {
            throw APIError(.badRequest, message: "\(name) must be a whole number above zero.")
        }
        return id
    }
}

extension Request {
    /// `?onDuplicate=keep`, `skip` or `replace`.
    ///
    /// - Throws: 400 where it is anything else.
    var duplicatePolicy: Ingestion.DuplicatePolicy {
        get throws(APIError) {
            guard let text = QueryParameters(self)["onDuplicate"] else { return .keep }
            guard let policy = Ingestion.DuplicatePolicy(rawValue: text.lowercased()) else {
                throw APIError(.badRequest, message: "onDuplicate must be keep, skip or replace.")
            }
            return policy
        }
    }

    /// Whether the client waits for the end of the job that it begins; `?async=true`, or 1 or yes, says that it does not.
    ///
    /// - Throws: 400 where it is no flag: one who does not wait would wait, or the other way round.
    var isAwaited: Bool {
        get throws(APIError) {
            switch QueryParameters(self)["async"]?.lowercased() {
            case "true", "1", "yes": return false
            case nil, "false", "0", "no": return true
            default: throw APIError(.badRequest, message: "async must be true or false.")
            }
        }
    }
}
