import OrderedJSON

/// An argument that a tool takes: what clients are told of it, and what it is held to.
struct MCPParameter: Sendable {
    enum Kind: Sendable {
        /// In bytes.
        case text(maximum: Int)
        case wholeNumber(ClosedRange<Int>)
        case choice([String])
    }

    let name: String
    let kind: Kind
    let description: String
    let isRequired: Bool

    init(_ name: String, _ kind: Kind, _ description: String, isRequired: Bool = false) {
        self.name = name
        self.kind = kind
        self.description = description
        self.isRequired = isRequired
    }

    /// JSON Schema of an object that holds these.
    static func schema(of parameters: [MCPParameter]) -> JSON {
        [
            "type": "object",
            "properties": .object(JSONObject(members: parameters.map { (key: $0.name, value: $0.schema) })),
            "required": .array(parameters.filter(\.isRequired).map { .string($0.name) }),
            "additionalProperties": false,
        ]
    }

    private var schema: JSON {
        var schema: JSONObject
        switch kind {
        case .text: schema = ["type": "string"]
        case .wholeNumber(let range):
            schema = ["type": "integer", "minimum": JSON(range.lowerBound), "maximum": JSON(range.upperBound)]
        case .choice(let words): schema = ["type": "string", "enum": .array(words.map(JSON.string))]
        }
        schema["description"] = .string(description)
        return .object(schema)
    }
}

/// Arguments that are what a tool takes.
struct MCPArguments: Sendable {
    private let texts: [String: String]
    private let numbers: [String: Int]

    /// Characters of a name that are repeated.
    private static let shownLength = 100

    /// An argument that is null or an empty text counts as not given.
    ///
    /// - Throws: what is wrong with them.
    init(_ json: JSON?, as parameters: [MCPParameter]) throws(MCPToolFailure) {
        guard let object = (json ?? [:]).objectValue else {
            throw MCPToolFailure("The arguments must be a JSON object.")
        }
        if let unknown = object.keys.first(where: { key in !parameters.contains { $0.name == key } }) {
            throw MCPToolFailure(
                "There is no argument \(unknown.prefix(Self.shownLength)); there are: "
                    + parameters.map(\.name).joined(separator: ", ") + ".")
        }
        var texts: [String: String] = [:]
        var numbers: [String: Int] = [:]
        for parameter in parameters {
            guard let value = object[parameter.name], value != .null, value != "" else {
                guard !parameter.isRequired else { throw MCPToolFailure("The argument \(parameter.name) is missing.") }
                continue
            }
            switch parameter.kind {
            case .text, .choice: texts[parameter.name] = try Self.text(value, parameter)
            case .wholeNumber(let range): numbers[parameter.name] = try Self.number(value, parameter, range)
            }
        }
        self.texts = texts
        self.numbers = numbers
    }

    private static func text(_ value: JSON, _ parameter: MCPParameter) throws(MCPToolFailure) -> String {
        guard let text = value.stringValue else { throw MCPToolFailure("\(parameter.name) must be a text.") }
        switch parameter.kind {
        case .text(let maximum) where text.utf8.count > maximum:
            throw MCPToolFailure("\(parameter.name) must have at most \(maximum) bytes.")
        case .choice(let words) where !words.contains(text):
            throw MCPToolFailure("\(parameter.name) must be one of \(words.joined(separator: ", ")).")
        default: return text
        }
    }

    /// Models send numbers as texts, too.
    private static func number(
        _ value: JSON, _ parameter: MCPParameter, _ range: ClosedRange<Int>
    ) throws(MCPToolFailure) -> Int {
        let number = value.integerValue.map(Int.init) ?? value.stringValue.flatMap { Int($0) }
        guard let number, range.contains(number) else {
            throw MCPToolFailure(
                "\(parameter.name) must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    func text(_ name: String) -> String? { texts[name] }

    func number(_ name: String) -> Int? { numbers[name] }
}
