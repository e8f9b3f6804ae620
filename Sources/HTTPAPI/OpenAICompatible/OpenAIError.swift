import Domain
import HTTPTypes
import OrderedJSON

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
        let (type, code) = Self.kind(of: status)
        var error = APIError.openAI(status, message, type: type, code: code)
        error.headers = headers
        return error
    }

    /// What became of a request, with the status that says whether asking again can help: SDKs go by it.
    static func openAI(_ error: ServiceError) -> APIError {
        let status = error.openAIStatus
        let (type, code) = kind(of: status)
        var answer = APIError.openAI(status, error.message, type: type, code: code)
        // A vendor that does not know the key, or the model, will not know it in a second either.
        let isRefused = error.providerStatus.map { [401, 403, 404].contains($0) } ?? false
        let mayPass = error.code == .upstream && isPassing(status) && !isRefused
        let pause = error.retryAfter ?? (mayPass ? defaultPause : nil)
        answer.headers[.retryAfter] = pause.map(String.init)
        // Clients ask again after any 5xx, unless they are told that it is of no use.
        if pause == nil, status.kind == .serverError { answer.headers[.xShouldRetry] = "false" }
        return answer
    }

    /// - Parameter reason: why the key that was shown lets nobody in, for people; `nil` where none was shown.
    static func noOpenAIKey(_ reason: String?) -> APIError {
        openAI(
            .unauthorized, reason ?? "No API key was sent. It belongs into the header Authorization, behind Bearer.",
            type: "authentication_error", code: "invalid_api_key")
    }

    /// A model that is no workspace of the caller's.
    ///
    /// - Parameter status: 404 under OpenAI's own addresses; completions of the developer API have 401.
    static func noModel(_ name: String, _ status: HTTPResponse.Status = .notFound) -> APIError {
        openAI(
            status, "The model '\(name)' does not exist: it must be the slug of a workspace.", parameter: "model",
            code: "model_not_found")
    }

    /// Seconds, where nobody knows better.
    private static let defaultPause = 1

    /// Whether the same request may do better later.
    private static func isPassing(_ status: HTTPResponse.Status) -> Bool {
        [.tooManyRequests, .badGateway, .serviceUnavailable, .gatewayTimeout].contains(status)
    }

    /// OpenAI's words for an error of this status.
    private static func kind(of status: HTTPResponse.Status) -> (type: String, code: String?) {
        switch status {
        case .tooManyRequests: ("rate_limit_error", "rate_limit_exceeded")
        case .unauthorized: ("authentication_error", "invalid_api_key")
        case .forbidden: ("permission_error", nil)
        case .notFound: ("not_found_error", nil)
        default: (status.kind == .serverError ? "server_error" : "invalid_request_error", nil)
        }
    }
}

extension HTTPField.Name {
    fileprivate static let xShouldRetry = Self("x-should-retry")!
}

extension ServiceError {
    /// The client's mistakes are 4xx, also where the provider is who found them. What is wrong between this server and a
    /// provider (its key, its address) is no mistake of the client's.
    fileprivate var openAIStatus: HTTPResponse.Status {
        guard code == .upstream else { return code == .unprocessable ? .badRequest : status }
        switch providerStatus {
        case 400?, 422?: return .badRequest
        case 413?: return .contentTooLarge
        case 429?: return .tooManyRequests
        case 503?, 529?: return .serviceUnavailable
        case 504?: return .gatewayTimeout
        default: return .badGateway
        }
    }
}
