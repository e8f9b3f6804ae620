import Domain
package import Engine
import HTTPTypes

/// Who may call an operation.
package enum Policy: Sendable, Hashable {
    case everybody
    /// Whoever has shown who they are.
    case everyKnownCaller
    case requires(Permission)

    /// Lets the caller pass.
    ///
    /// - Throws: 403 with the reason.
    func check(_ caller: Caller) throws(APIError) {
        switch self {
        case .everybody: return
        case _ where caller == .nobody: throw .forbidden
        case .everyKnownCaller: return
        case .requires(let permission):
            if let refusal = caller.refusal(of: permission) { throw APIError(.forbidden, message: refusal) }
        }
    }
}
