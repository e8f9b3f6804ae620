import Domain
import OrderedJSON

/// Reads a metadata filter, in the shape that OpenAI's vector stores have:
///
///     {"type": "eq", "key": "folder", "value": "reports"}
///     {"type": "and", "filters": [{…}, {"type": "not", "filter": {…}}]}
///
/// | type | takes | means |
/// |---|---|---|
/// | `eq`, `ne` | `key`, `value` | equal, not equal |
/// | `gt`, `gte`, `lt`, `lte` | `key`, `value` | greater, less, or equal |
/// | `in`, `nin` | `key`, `value`: an array | one of these, none of these |
/// | `and`, `or` | `filters`: an array | all, at least one |
/// | `not` | `filter` | not |
///
/// Keys are those of `names`, and `metadata.NAME` for what was sent as NAME in a document's metadata. `published` takes
/// ISO 8601 dates, and seconds or milliseconds since 1970.
struct MetadataFilterPayload {
    struct Invalid: Error {
        let message: String
    }

    static let names: [(name: String, key: MetadataFilter.Key)] = [
        ("title", .text(.title)), ("author", .text(.author)), ("docAuthor", .text(.author)),
        ("description", .text(.description)), ("source", .text(.source)), ("docSource", .text(.source)),
        ("chunkSource", .text(.chunkSource)), ("url", .text(.url)), ("folder", .text(.folder)),
        ("path", .text(.location)), ("location", .text(.location)), ("docId", .text(.docID)),
        ("fileExtension", .text(.fileExtension)), ("published", .published), ("date", .published),
        ("wordCount", .number(.wordCount)), ("tokenCount", .number(.tokenCount)),
        ("token_count_estimate", .number(.tokenCount)),
    ]
    private static let attributePrefix = "metadata."

    private static let maximumDepth = 8
    private static let maximumConditions = 100
    private static let maximumValues = 1000
    /// UTF-16 code units of a key or a value.
    private static let maximumLength = 4096

    private static let keys = Dictionary(names.map { ($0.name, $0.key) }) { first, _ in first }
    private static let comparisons: [String: (MetadataFilter.Comparison, isNegated: Bool)] = [
        "eq": (.equal, false), "ne": (.equal, true), "gt": (.greater, false), "gte": (.greaterOrEqual, false),
        "lt": (.less, false), "lte": (.lessOrEqual, false),
    ]

    private var conditionCount = 0
    private var valueCount = 0

    /// The filter; `nil` where none was sent.
    static func filter(in json: JSON?) throws(Invalid) -> MetadataFilter? {
        guard let json, json != .null else { return nil }
        var payload = MetadataFilterPayload()
        return try payload.filter(json, depth: 1)
    }

    private mutating func filter(_ json: JSON, depth: Int) throws(Invalid) -> MetadataFilter {
        guard case .object(let object) = json else { throw Invalid(message: "A filter must be an object.") }
        guard depth <= Self.maximumDepth else {
            throw Invalid(message: "A filter may be nested at most \(Self.maximumDepth) deep.")
        }
        conditionCount += 1
        guard conditionCount <= Self.maximumConditions else {
            throw Invalid(message: "A filter may have at most \(Self.maximumConditions) conditions.")
        }
        guard let type = object["type"]?.stringValue else {
            throw Invalid(message: "A filter needs a type: \(Self.types).")
        }
        switch type {
        case "and": return .all(try filters(object, depth: depth))
        case "or": return .any(try filters(object, depth: depth))
        case "not":
            try Self.requireKeys(["type", "filter"], in: object)
            return .not(try filter(object["filter"] ?? .null, depth: depth + 1))
        default: return try condition(type, object)
        }
    }

    private static let types = "eq, ne, gt, gte, lt, lte, in, nin, and, or, not"

    private mutating func filters(_ object: JSONObject, depth: Int) throws(Invalid) -> [MetadataFilter] {
        try Self.requireKeys(["type", "filters"], in: object)
        guard let parts = object["filters"]?.arrayValue, !parts.isEmpty else {
            throw Invalid(message: "filters must be an array with at least one filter.")
        }
        var filters: [MetadataFilter] = []
        for part in parts { filters.append(try filter(part, depth: depth + 1)) }
        return filters
    }

    private mutating func condition(_ type: String, _ object: JSONObject) throws(Invalid) -> MetadataFilter {
        let comparison = Self.comparisons[type]
        guard comparison != nil || type == "in" || type == "nin" else {
            throw Invalid(message: "\(Self.quoted(type)) is not a type of filter. Types are \(Self.types).")
        }
        try Self.requireKeys(["type", "key", "value"], in: object)
        let key = try Self.key(object["key"])
        if let comparison {
            let value = try value(object["value"], of: key)
            try Self.requireOrder(comparison.0, of: key, value)
            let filter = MetadataFilter.compare(key.key, comparison.0, value)
            return comparison.isNegated ? .not(filter) : filter
        }
        guard let items = object["value"]?.arrayValue, !items.isEmpty else {
            throw Invalid(message: "The value of \(type) must be an array with at least one value.")
        }
        var values: [MetadataFilter.Value] = []
        for item in items { values.append(try value(item, of: key)) }
        return type == "nin" ? .not(.oneOf(key.key, values)) : .oneOf(key.key, values)
    }

    // MARK: Keys and values

    private typealias NamedKey = (name: String, key: MetadataFilter.Key)

    private static func key(_ json: JSON?) throws(Invalid) -> NamedKey {
        guard let name = json?.stringValue, name.utf16.count <= maximumLength else {
            throw Invalid(message: "key must be a text.")
        }
        if let key = keys[name] { return (name, key) }
        guard name.hasPrefix(attributePrefix), name.count > attributePrefix.count else {
            let known = names.map(\.name).joined(separator: ", ")
            throw Invalid(
                message: "\(quoted(name)) is not a key of documents. Keys are \(known), and metadata.NAME for metadata "
                    + "of your own.")
        }
        return (name, .attribute(String(name.dropFirst(attributePrefix.count))))
    }

    private mutating func value(_ json: JSON?, of key: NamedKey) throws(Invalid) -> MetadataFilter.Value {
        valueCount += 1
        guard valueCount <= Self.maximumValues else {
            throw Invalid(message: "A filter may have at most \(Self.maximumValues) values.")
        }
        switch (key.key, json) {
        case (.published, let json):
            guard let moment = json.flatMap(Self.moment) else {
                throw Invalid(
                    message: "The value of \(key.name) must be an ISO 8601 date, or seconds or milliseconds since "
                        + "1970.")
            }
            return .number(Double(moment.milliseconds))
        case (.text(let kind), .string(let text)?):
            let text = try Self.checked(text)
            return .text(kind == .fileExtension ? Self.fileExtension(text) : text)
        case (.attribute, .string(let text)?): return .text(try Self.checked(text))
        case (.number, .integer?), (.number, .number?), (.attribute, .integer?), (.attribute, .number?):
            return .number(json?.doubleValue ?? 0)
        case (.attribute, .bool(let bool)?): return .bool(bool)
        case (.text, _): throw Invalid(message: "The value of \(key.name) must be a text.")
        case (.number, _): throw Invalid(message: "The value of \(key.name) must be a number.")
        case (.attribute, _): throw Invalid(message: "The value of \(key.name) must be a text, a number or a boolean.")
        }
    }

    private static func moment(_ json: JSON) -> Timestamp? {
        if let text = json.stringValue { return Timestamp(iso8601: text) }
        guard let number = json.doubleValue, number.isFinite, abs(number) < 8.64e15 else { return nil }
        // As milliseconds this would be before 1973, as seconds it is a date people mean.
        return Timestamp(milliseconds: Int64(abs(number) < 1e11 ? number * 1000 : number))
    }

    private static func fileExtension(_ text: String) -> String {
        (text.hasPrefix(".") ? String(text.dropFirst()) : text).lowercased()
    }

    private static func checked(_ text: String) throws(Invalid) -> String {
        guard text.utf16.count <= maximumLength else {
            throw Invalid(message: "A value may have at most \(maximumLength) characters.")
        }
        return text
    }

    private static func requireOrder(
        _ comparison: MetadataFilter.Comparison, of key: NamedKey, _ value: MetadataFilter.Value
    ) throws(Invalid) {
        guard comparison != .equal else { return }
        if case .text = key.key {
            throw Invalid(message: "\(key.name) takes eq, ne, in and nin.")
        }
        if case .bool = value { throw Invalid(message: "A boolean takes eq, ne, in and nin.") }
    }

    private static func requireKeys(_ allowed: Set<String>, in object: JSONObject) throws(Invalid) {
        guard let other = object.keys.first(where: { !allowed.contains($0) }) else { return }
        throw Invalid(message: "\(quoted(other)) does not belong in this filter.")
    }

    /// What a client wrote, short enough for a message.
    private static func quoted(_ text: String) -> String { "\"\(text.prefix(64))\"" }
}
