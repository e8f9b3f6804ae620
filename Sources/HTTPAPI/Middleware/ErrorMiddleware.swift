import Domain
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import OrderedJSON
import Persistence

/// Turns whatever is thrown into JSON with the right status; the unexpected is logged, and its text hidden.
struct ErrorMiddleware: RouterMiddleware {
    let routes: RouteTable

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as APIError {
            return Response(request.hasOpenAIStatuses ? error.asOpenAI : error)
        } catch let error as ServiceError {
            if let cause = error.cause {
                context.logger.warning("Request failed", metadata: ["error": "\(error.message)", "cause": "\(cause)"])
            }
            return Response(Self.answer(to: error, request))
        } catch is HTTPParserError {
            return lastAnswer(APIError(.badRequest, message: "The request's body is not framed correctly."), request)
        } catch is RequestTimeout {
            return lastAnswer(APIError(.requestTimeout, message: "The request's body came too slowly."), request)
        } catch let error as any HTTPResponseError {
            return answer(to: error, request)
        } catch let error as CancellationError {
            throw error
        } catch {
            return unexpected(error, request, context)
        }
    }

    private static func answer(to error: ServiceError, _ request: Request) -> APIError {
        guard !request.isOfOpenAIAPI else { return .openAI(error) }
        var answer = APIError(error.status, message: error.message)
        answer.headers[.retryAfter] = error.retryAfter.map(String.init)
        return answer
    }

    /// The answer to a request behind which no other can be read.
    private func lastAnswer(_ error: APIError, _ request: Request) -> Response {
        let error = error.shaped(for: request)
        var response = Response(status: error.status, json: .object(error.body))
        response.headers[.connection] = "close"
        return response
    }

    private func answer(to error: any HTTPResponseError, _ request: Request) -> Response {
        if error.status == .notFound {
            let allowed = routes.methods(forPath: request.uri.path)
            if !allowed.isEmpty {
                let error = APIError(.methodNotAllowed, message: "Method Not Allowed").shaped(for: request)
                var response = Response(status: error.status, json: .object(error.body))
                response.headers[.allow] = allowed.joined(separator: ", ")
                return response
            }
        }
        let message = (error as? HTTPError)?.body ?? error.status.reasonPhrase
        let error = APIError(error.status, message: message).shaped(for: request)
        return Response(status: error.status, json: .object(error.body))
    }

    private func unexpected(_ error: any Error, _ request: Request, _ context: APIContext) -> Response {
        if error is IOError || error is ChannelError {
            context.logger.debug("The client has gone", metadata: ["error": "\(error)"])
        } else {
            context.logger.error("Request failed", metadata: ["error": "\(error)"])
        }
        let error =
            switch error {
            case DatabaseError.full:
                APIError(.insufficientStorage, message: "There is no space left in the storage directory.")
            case DatabaseError.unreachable:
                APIError(.serviceUnavailable, message: "The database cannot be reached.")
            default: APIError(.internalServerError, message: "Internal Server Error")
            }
        return Response(status: error.status, json: .object(error.shaped(for: request).body))
    }
}

extension Response {
    init(_ error: APIError) {
        self.init(status: error.status, json: .object(error.body))
        for field in error.headers { headers.append(field) }
    }
}

extension HTTPResponse.Status {
    static let insufficientStorage = HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
}
