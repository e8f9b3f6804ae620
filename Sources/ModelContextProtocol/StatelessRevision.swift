import OrderedJSON

/// The revision 2026-07-28 of the Model Context Protocol, which has neither handshake nor sessions: each request says what it is
/// about, in its parameters and once more in headers ("Per-request protocol fields" and "Standard request headers").
package enum StatelessRevision {
    package static let name = "2026-07-28"

    package static let revisionKey = "io.modelcontextprotocol/protocolVersion"
    package static let capabilitiesKey = "io.modelcontextprotocol/clientCapabilities"
    package static let serverKey = "io.modelcontextprotocol/serverInfo"

    package static let methodHeader = "Mcp-Method"
    package static let nameHeader = "Mcp-Name"

    /// Which revision a request is of, as it says itself; `nil` for one that was agreed on before.
    package static func revision(of request: RPCRequest) -> String? {
        request.parameters["_meta"]?[revisionKey]?.stringValue
    }

    /// What `Mcp-Name` says of a request: which tool or resource it is about; `nil` where it is about none.
    package static func subject(of request: RPCRequest) -> String? {
        switch request.method {
        case "tools/call", "prompts/get": request.parameters["name"]?.stringValue
        case "resources/read": request.parameters["uri"]?.stringValue
        default: nil
        }
    }
}

extension ProtocolRevision {
    /// Every revision that a server here knows, oldest first.
    package static let names = allCases.map(\.rawValue) + [StatelessRevision.name]
}
