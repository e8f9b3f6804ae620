package import OrderedJSON

/// Why a call has no result.
package struct RPCError: Error, Sendable, Equatable {
    /// The codes of JSON-RPC 2.0, section 5.1, and those that the Model Context Protocol adds to them.
    package enum Code: Int64, Sendable {
        case parseError = -32700
        case invalidRequest = -32600
        case methodNotFound = -32601
        case invalidParameters = -32602
        case internalError = -32603
        /// Of the server's own range: whoever asks may not, or too often, or the server cannot at the moment.
        case refused = -32000
        case resourceNotFound = -32002
        /// Headers say something else than the message.
        case headerMismatch = -32020
        /// `data` says which revisions are supported.
        case unsupportedRevision = -32022
        /// The call was cancelled by whoever made it, in the number of the Language Server Protocol.
        case cancelled = -32800
    }

    package let code: Int64
    /// One sentence for people.
    package let message: String
    package let data: JSON?

    package init(_ code: Code, _ message: String, data: JSON? = nil) {
        self.code = code.rawValue
        self.message = message
        self.data = data
    }

    /// The revision that was asked for is not known here.
    package static func unsupported(_ revision: String) -> RPCError {
        RPCError(
            .unsupportedRevision, "The revision \(revision.prefix(100)) of the protocol is not supported.",
            data: [
                "supported": .array(ProtocolRevision.names.map(JSON.string)), "requested": .string(revision),
            ])
    }

    /// As a peer sends it; `nil` for what is no error.
    init?(_ json: JSON) {
        guard let code = json["code"]?.integerValue, let message = json["message"]?.stringValue else { return nil }
        (self.code, self.message, data) = (code, message, json["data"])
    }

    package var json: JSON {
        var object: JSONObject = ["code": .integer(code), "message": .string(message)]
        object["data"] = data
        return .object(object)
    }
}
