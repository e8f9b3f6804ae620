import Domain
import FoundationEssentials
import OrderedJSON

/// The file that says which servers there are: `{"mcpServers": {NAME: ENTRY}}`, the form that desktop clients of the protocol
/// have made common, with AnythingLLM's additions.
///
/// | entry | |
/// |---|---|
/// | `command`, `args`, `env` | a program, what it is started with, and variables of its environment |
/// | `url`, `headers`, `type` | an address; `type` is `streamable`, `streamable-http` or `http` (as without one), or `sse` for the old transport |
/// | `disabled` true, `anythingllm.autoStart` false | the server is not used |
/// | `anythingllm.suppressedTools` | names of tools that models are not offered |
package struct MCPServersFile: Sendable, Equatable {
    package var entries: [MCPServerEntry] = []
    /// What cannot be used and why, for people: one sentence each.
    package var problems: [String] = []

    /// Bytes of a file.
    private static let maximumLength = 1 << 20
    private static let maximumServers = 32
    /// UTF-16 code units of a server's name.
    private static let maximumNameLength = 64

    package init() {}

    /// Reads a file.
    ///
    /// - Parameter isOptional: whether one that is not there says that there are no servers.
    package init(path: String, isOptional: Bool) {
        self.init()
        guard FileManager.default.fileExists(atPath: path) else {
            if !isOptional { problems = ["The file of the MCP servers is not there."] }
            return
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            problems = ["The file of the MCP servers cannot be read."]
            return
        }
        guard data.count <= Self.maximumLength else {
            problems = ["The file of the MCP servers is larger than \(Self.maximumLength >> 20) MiB."]
            return
        }
        self = MCPServersFile(text: Array(data))
    }

    package init(text: [UInt8]) {
        let servers: JSONObject
        do {
            let json = try JSON(parsing: text, allowsDuplicateKeys: false)
            guard let object = json["mcpServers"]?.objectValue else {
                problems = ["The file of the MCP servers has no object mcpServers."]
                return
            }
            servers = object
        } catch {
            problems = ["The file of the MCP servers is not valid JSON: \(error.reason), at byte \(error.offset)."]
            return
        }
        for member in servers.members {
            do throws(Flaw) {
                guard let entry = try Self.entry(member.key, member.value) else { continue }
                guard entries.count < Self.maximumServers else {
                    throw Flaw("there are more than \(Self.maximumServers) servers")
                }
                entries.append(entry)
            } catch {
                let name = member.key.shortened(toUTF16: Self.maximumNameLength)
                problems.append("The MCP server \(name) cannot be used: \(error.message).")
            }
        }
    }

    // MARK: Entries

    /// What is wrong with an entry, for people, as a part of a sentence.
    private struct Flaw: Error {
        let message: String
        init(_ message: String) { self.message = message }
    }

    /// `nil` for a server that is not to be used.
    private static func entry(_ name: String, _ json: JSON) throws(Flaw) -> MCPServerEntry? {
        guard let object = json.objectValue else { throw Flaw("its entry is no object") }
        let own = object["anythingllm"]
        guard object["disabled"] != true, own?["autoStart"] != false else { return nil }
        guard !name.trimmed.isEmpty, name.utf16.count <= maximumNameLength else {
            throw Flaw("its name must have 1 to \(maximumNameLength) characters")
        }
        let suppressed = own?["suppressedTools"]?.arrayValue?.compactMap(\.stringValue) ?? []
        return MCPServerEntry(name: name, reach: try reach(object), suppressedTools: Set(suppressed))
    }

    private static func reach(_ object: JSONObject) throws(Flaw) -> MCPServerEntry.Reach {
        if let command = object["command"] {
            guard let program = command.stringValue, !program.isEmpty else { throw Flaw("command must be a text") }
            let arguments = try texts(object["args"], "args")
            return .process(command: [program] + arguments, environment: try variables(object["env"]))
        }
        guard let address = object["url"]?.stringValue, let web = WebAddress(address), web.isWeb else {
            throw Flaw("it needs a command, or a url that is an http or https address")
        }
        let headers = try pairs(object["headers"], "headers").map {
            MCPServerEntry.Header(name: $0.name, value: $0.value)
        }
        guard headers.allSatisfy({ isField($0) }) else { throw Flaw("its headers hold what no header may") }
        switch object["type"]?.stringValue?.lowercased() {
        case nil, "streamable", "streamable-http", "streamablehttp", "http":
            return .http(address: address, headers: headers)
        case "sse": return .events(address: address, headers: headers)
        default: throw Flaw("its type must be streamable or sse")
        }
    }

    private static func texts(_ json: JSON?, _ name: String) throws(Flaw) -> [String] {
        guard let json, json != .null else { return [] }
        let texts = json.arrayValue?.compactMap(text) ?? []
        guard let count = json.arrayValue?.count, texts.count == count else {
            throw Flaw("\(name) must be a list of texts")
        }
        return texts
    }

    private static func variables(_ json: JSON?) throws(Flaw) -> [String: String] {
        let pairs = try pairs(json, "env")
        guard pairs.allSatisfy({ !$0.name.isEmpty && !$0.name.contains("=") }) else {
            throw Flaw("a name in env is none of a variable")
        }
        return Dictionary(pairs.map { ($0.name, $0.value) }) { $1 }
    }

    private static func pairs(_ json: JSON?, _ name: String) throws(Flaw) -> [(name: String, value: String)] {
        guard let json, json != .null else { return [] }
        guard let members = json.objectValue?.members else { throw Flaw("\(name) must be an object of texts") }
        var pairs: [(name: String, value: String)] = []
        for member in members {
            guard let value = text(member.value) else { throw Flaw("\(name) must be an object of texts") }
            pairs.append((member.key, value))
        }
        return pairs
    }

    /// Numbers and switches count as their texts. No program can be given a NUL character.
    private static func text(_ json: JSON) -> String? {
        switch json {
        case .string(let text): text.utf8.contains(0) ? nil : text
        case .integer, .number, .bool: json.text
        case .null, .array, .object: nil
        }
    }

    /// A token and what may stand behind it (RFC 9110, section 5.5).
    private static func isField(_ header: MCPServerEntry.Header) -> Bool {
        let isName = header.name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
        return isName && !header.name.isEmpty && header.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }
}
