import Domain
import Foundation

/// What the server asks of the child: one JSON object in an environment variable.
///
/// So the name that a client gave never becomes an argument, can be taken for no option, and is in no process list.
struct ParseRequest: Codable {
    static let environmentKey = "LECTERN_PARSE_REQUEST"
    /// Of a client's name only the end matters, and an environment variable has 128 KiB at most.
    private static let longestName = 255

    let path: String
    let fileName: String
    let limits: ParseLimits
    /// Where the file was fetched from; `nil` where it was sent.
    let address: String?

    init(path: String, fileName: String, limits: ParseLimits, address: LinkAddress? = nil) {
        self.path = path
        self.fileName = String(fileName.suffix(Self.longestName))
        self.limits = limits
        self.address = address?.base
    }
}

/// What the child answers: one JSON object, the last line on its standard output. The lines before it tell how far it is; see
/// `ParseOutput`.
enum ParseReply: Codable {
    case documents([ParsedDocument])
    case failure(ParseError)

    /// Bytes that a reply may have: JSON writes some characters with two bytes, and metadata comes on top.
    static func byteLimit(for limits: ParseLimits) -> Int { 2 * limits.maximumTextBytes + (16 << 20) }

    func get() throws(ParseError) -> [ParsedDocument] {
        switch self {
        case .documents(let documents): return documents
        case .failure(let error): throw error
        }
    }
}

extension Decodable {
    /// The request that the server left in the environment of this child.
    static func fromEnvironment() -> Self? {
        let text = ProcessInfo.processInfo.environment[ParseRequest.environmentKey] ?? ""
        return try? JSONDecoder().decode(Self.self, from: Data(text.utf8))
    }
}
