import Domain
import HTTPTypes
import Hummingbird
import OrderedJSON

/// An answer that is not 200, with the keys that clients look for.
struct APIError: Error {
    let status: HTTPResponse.Status
    let body: JSONObject
    /// Of the answer, beside those that every JSON has: `Retry-After`.
    var headers = HTTPFields()

    init(_ status: HTTPResponse.Status, body: JSONObject) {
        self.status = status
        self.body = body
    }

    init(_ status: HTTPResponse.Status, message: String) {
        self.init(
            status, body: ["success": false, "error": .string(message), "message": .string(message)])
    }

    /// What people read.
    var message: String { body["message"]?.stringValue ?? status.reasonPhrase }

    static let forbidden = APIError(
        .forbidden, body: ["error": "No valid api key found.", "message": "Invalid API Key"])

    /// 400, where the wire has it for a workspace that is not there.
    static func noWorkspace(_ slug: String) -> APIError {
        APIError(.badRequest, message: "Workspace \(slug) is not a valid workspace.")
    }

    /// The error as the clients of the address read it: those of the OpenAI API and of the Model Context Protocol have
    /// shapes of their own.
    func shaped(for request: Request) -> APIError {
        if request.isForMCP { return asRPC }
        return request.isOfOpenAIAPI ? asOpenAI : self
    }
}

extension ServiceError {
    var status: HTTPResponse.Status {
        switch code {
        case .notFound: .notFound
        case .invalid: .badRequest
        case .unprocessable: .unprocessableContent
        case .conflict: .conflict
        case .unauthorized: .unauthorized
        case .forbidden: .forbidden
        case .tooLarge: .contentTooLarge
        case .tooMany: .tooManyRequests
        case .upstream: .badGateway
        case .unavailable: .serviceUnavailable
        }
    }
}
