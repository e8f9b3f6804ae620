/// One event of an event stream.
struct ServerSentEvent: Sendable, Equatable {
    /// What the sender calls it; `message` where it does not say.
    var type: String
    /// The lines of data, joined by line feeds.
    var data: String
}
