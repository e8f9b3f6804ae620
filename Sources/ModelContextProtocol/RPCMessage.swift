package import OrderedJSON

/// A message of JSON-RPC 2.0, as the Model Context Protocol uses it: parameters are objects, ids are never null.
///
/// Source of the format: jsonrpc.org/specification, and "Messages" in the Model Context Protocol's base protocol.
package enum RPCMessage: Sendable, Equatable {
    case request(RPCRequest)
    case notification(method: String, parameters: JSONObject)
    case response(RPCResponse)

    /// - Throws: `RPCError` of the code `invalidRequest` for what is no such message.
    package init(_ json: JSON) throws(RPCError) {
        guard let object = json.objectValue, object["jsonrpc"] == "2.0" else {
            throw RPCError(.invalidRequest, "A message must be a JSON object with jsonrpc \"2.0\".")
        }
        guard let method = object["method"] else {
            self = .response(try RPCResponse(object))
            return
        }
        guard let method = method.stringValue else {
            throw RPCError(.invalidRequest, "method must be a string.")
        }
        let parameters: JSONObject
        switch object["params"] {
        case nil: parameters = JSONObject()
        case .object(let given)?: parameters = given
        default: throw RPCError(.invalidRequest, "params must be an object.")
        }
        guard let id = object["id"] else {
            self = .notification(method: method, parameters: parameters)
            return
        }
        guard let id = RPCID(id) else { throw RPCError(.invalidRequest, "id must be a string or a whole number.") }
        self = .request(RPCRequest(id: id, method: method, parameters: parameters))
    }

    package var json: JSON {
        var object: JSONObject = ["jsonrpc": "2.0"]
        switch self {
        case .request(let request):
            object["id"] = request.id.json
            object["method"] = .string(request.method)
            object["params"] = request.parameters.isEmpty ? nil : .object(request.parameters)
        case .notification(let method, let parameters):
            object["method"] = .string(method)
            object["params"] = parameters.isEmpty ? nil : .object(parameters)
        case .response(let response):
            object["id"] = response.id?.json ?? .null
            switch response.outcome {
            case .success(let result): object["result"] = .object(result)
            case .failure(let error): object["error"] = error.json
            }
        }
        return .object(object)
    }
}

/// By which a response names its request.
package enum RPCID: Sendable, Hashable {
    case integer(Int64)
    case text(String)

    package init?(_ json: JSON) {
        switch json {
        case .integer(let number): self = .integer(number)
        case .string(let text): self = .text(text)
        default: return nil
        }
    }

    package var json: JSON {
        switch self {
        case .integer(let number): .integer(number)
        case .text(let text): .string(text)
        }
    }
}

/// A call that wants an answer.
package struct RPCRequest: Sendable, Equatable {
    package let id: RPCID
    package let method: String
    package let parameters: JSONObject

    package init(id: RPCID, method: String, parameters: JSONObject = [:]) {
        self.id = id
        self.method = method
        self.parameters = parameters
    }

    /// What the client wants its progress told under; `nil` where it wants none.
    package var progressToken: JSON? {
        switch parameters["_meta"]?["progressToken"] {
        case .integer(let number)?: .integer(number)
        case .string(let text)?: .string(text)
        default: nil
        }
    }
}

/// The answer to a call.
package struct RPCResponse: Sendable, Equatable {
    /// `nil` where it answers something that could not be read.
    package let id: RPCID?
    package let outcome: Result<JSONObject, RPCError>

    package init(id: RPCID?, _ outcome: Result<JSONObject, RPCError>) {
        self.id = id
        self.outcome = outcome
    }

    fileprivate init(_ object: JSONObject) throws(RPCError) {
        let id = object["id"].flatMap(RPCID.init)
        if let error = object["error"], let failure = RPCError(error) {
            self.init(id: id, .failure(failure))
        } else if let result = object["result"]?.objectValue, id != nil {
            self.init(id: id, .success(result))
        } else {
            throw RPCError(.invalidRequest, "A message must have a method, a result or an error.")
        }
    }
}
