/// What servers may take.
package struct MCPLimits: Sendable {
    /// Of one call of a tool.
    package var callTime = Duration.seconds(60)
    /// From the start of a server until its tools are known. Programs that are fetched from a registry first take their time.
    package var startTime = Duration.seconds(60)
    /// A server that is just starting is waited for as long as this before a question is answered without it.
    package var patience = Duration.seconds(3)
    /// Before a server that has ended is started again; twice as long each time, up to a minute.
    package var firstPause = Duration.seconds(1)
    /// After which a server that cannot tell is asked for its tools again.
    package var refreshTime = Duration.seconds(300)

    package static let longestPause = Duration.seconds(60)
    /// Bytes of one message.
    static let maximumMessage = 8 << 20
    /// Bytes of a result's text; models' windows hold less.
    static let maximumResult = 256 << 10
    /// Of all servers together: some providers take no more.
    static let maximumTools = 120
    /// Of one server's list.
    static let maximumPages = 50

    package init() {}
}

/// Why a server is of no use, for people: the rest of a sentence that begins with its name.
package struct MCPFailure: Error, Equatable {
    package let message: String
    /// Whether a new session may do better at once.
    let endsSession: Bool

    init(_ message: String, endsSession: Bool = false) {
        self.message = message
        self.endsSession = endsSession
    }
}
