import Domain
import HTTPTypes

extension APIError {
    /// An error in the shape that OpenAI's clients read.
    static func openAI(
        _ status: HTTPResponse.Status, _ message: String, type: String = "invalid_request_error",
        parameter: String? = nil, code: String? = nil
    ) -> APIError {
        APIError(
            status,
            body: [
                "error": [
                    "message": .string(message), "type": .string(type), "param": JSON(parameter), "code": JSON(code),
                ]
            ])
    }

    /// The same error in OpenAI's shape.
    var asOpenAI: APIError {
        if body["error"]?.objectValue != nil { return self }
        let message = body["message"]?.stringValue ?? body["error"]?.stringValue ?? ""
        return .openAI(status, message, type: status.kind == .serverError ? "server_error" : "invalid_request_error")
    }

    static func openAI(_ error: ServiceError) -> APIError {
        let status: HTTPResponse.Status = error.code == .invalid ? .badRequest : .internalServerError
        return openAI(status, error.message, type: status == .badRequest ? "invalid_request_error" : "server_error")
    }
}
