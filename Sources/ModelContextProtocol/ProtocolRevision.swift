/// A revision of the Model Context Protocol whose sides agree on it by `initialize`, oldest first.
package enum ProtocolRevision: String, Sendable, CaseIterable {
    case v20241105 = "2024-11-05"
    case v20250326 = "2025-03-26"
    case v20250618 = "2025-06-18"
    case v20251125 = "2025-11-25"

    package static let newest = ProtocolRevision.v20251125

    /// What holds for a request over HTTP that does not say ("Protocol Version Header" of the transport).
    package static let unsaid = ProtocolRevision.v20250326

    /// What a server answers a client that asks for `wanted`: that, where it is known, else the newest.
    package static func negotiated(_ wanted: String?) -> ProtocolRevision {
        wanted.flatMap(ProtocolRevision.init(rawValue:)) ?? newest
    }

    /// Whether several messages may come in one list; that was there for one revision.
    package var takesBatches: Bool { self == .v20250326 || self == .v20241105 }
}

/// Names of the transport over HTTP.
package enum ProtocolHeader {
    package static let session = "Mcp-Session-Id"
    package static let revision = "MCP-Protocol-Version"
}
