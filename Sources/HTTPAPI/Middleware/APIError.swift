import Domain
import HTTPTypes

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

    static let forbidden = APIError(
        .forbidden, body: ["error": "No valid api key found.", "message": "Invalid API Key"])
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
        case .upstream: .badGateway
        case .unavailable: .serviceUnavailable
        }
    }
}
