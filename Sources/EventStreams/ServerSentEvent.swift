/// One event of an event stream.
package struct ServerSentEvent: Sendable, Equatable {
    /// What the sender calls it; `message` where it does not say.
    package var type: String
    /// The lines of data, joined by line feeds.
    package var data: String

    package init(type: String = "message", data: String) {
        self.type = type
        self.data = data
    }
}
