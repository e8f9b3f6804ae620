package import Domain
import HTTPTypes
package import Hummingbird

/// What a request carries on its way to its handler.
package struct APIContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    package var caller = Caller.nobody

    package init(source: ApplicationRequestContextSource) { coreContext = .init(source: source) }

    /// A path parameter, percent-decoded. Names are in lower case, for paths are matched without regard to case.
    func parameter(_ name: String) throws -> String {
        guard let raw = parameters.get(name), let decoded = raw.percentDecoded else {
            throw HTTPError(.badRequest, message: "The address is not percent-encoded correctly.")
        }
        return decoded
    }
}
