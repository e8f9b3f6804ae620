/// Where the request at hand comes from, for the event log.
package enum ClientAddress {
    /// An IP address; `nil` for what no request has asked for.
    @TaskLocal package static var current: String?
}
