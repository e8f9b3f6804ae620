import Domain

/// How agents reach a service of somebody else's: named fields, some of them secret, which are changed one by one.
struct AgentConfiguration: Sendable {
    struct Field: Sendable {
        let name: String
        var isSecret = false
        var isNumber = false
    }

    let fields: [Field]

    static let google = AgentConfiguration(fields: [
        Field(name: "deploymentId"), Field(name: "apiKey", isSecret: true),
    ])

    static let outlook = AgentConfiguration(fields: [
        Field(name: "clientId"), Field(name: "tenantId"), Field(name: "clientSecret", isSecret: true),
        Field(name: "accessToken", isSecret: true), Field(name: "refreshToken", isSecret: true),
        Field(name: "tokenExpiry", isNumber: true),
    ])

    /// What stands in the place of a secret that is shown. Sent back, it leaves the secret as it is.
    static let mask = "********"

    static func isMask(_ text: String) -> Bool { !text.isEmpty && text.allSatisfy { $0 == "*" } }

    private static let maximumLength = 10_000

    /// The fields that are sent in the places of those stored, an empty text for one that is to go.
    ///
    /// - Returns: also the names of what was sent and is no field.
    /// - Throws: `invalid` for a value of the wrong type.
    func merging(
        _ sent: [Attribute], into stored: [Attribute]
    ) throws(ServiceError) -> (fields: [Attribute], unknown: [String]) {
        var values = Dictionary(stored.map { ($0.name, $0.value) }) { first, _ in first }
        var unknown: [String] = []
        for attribute in sent {
            guard let field = fields.first(where: { $0.name == attribute.name }) else {
                unknown.append(attribute.name)
                continue
            }
            switch attribute.value {
            case .text(""): values[field.name] = nil
            case .text(let text) where field.isSecret && Self.isMask(text): break
            case .text(let text) where !field.isNumber && text.utf8.count <= Self.maximumLength:
                values[field.name] = .text(text)
            case .integer where field.isNumber, .number where field.isNumber: values[field.name] = attribute.value
            default:
                let kind = field.isNumber ? "a number" : "a text of at most \(Self.maximumLength) bytes"
                throw ServiceError.invalid("\(field.name) must be \(kind)")
            }
        }
        return (fields.compactMap { field in values[field.name].map { Attribute(field.name, $0) } }, unknown)
    }

    /// For people, without the secrets.
    func masked(_ stored: [Attribute]) -> [Attribute] {
        stored.map { attribute in
            let isSecret = fields.contains { $0.name == attribute.name && $0.isSecret }
            return isSecret ? Attribute(attribute.name, .text(Self.mask)) : attribute
        }
    }
}
