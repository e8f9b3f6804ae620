import Domain
package import Engine
import HTTPTypes
import Hummingbird

/// Who may call an operation, and in which mode of the instance.
package struct Policy: Sendable, Hashable {
    package enum Access: Sendable, Hashable {
        case everybody
        /// Whoever has shown who they are.
        case everyKnownCaller
        case requires(Permission)
    }

    package enum Mode: Sendable, Hashable { case singleUser, multiUser }

    package let access: Access
    /// `nil` for an operation of both modes.
    package private(set) var mode: Mode?

    static let everybody = Policy(access: .everybody)
    static let everyKnownCaller = Policy(access: .everyKnownCaller)

    static func requires(_ permission: Permission) -> Policy { Policy(access: .requires(permission)) }

    var inMultiUserMode: Policy { Policy(access: access, mode: .multiUser) }
    var inSingleUserMode: Policy { Policy(access: access, mode: .singleUser) }

    private init(access: Access, mode: Mode? = nil) {
        self.access = access
        self.mode = mode
    }

    /// What the caller must be allowed to do; `nil` where it is nothing in particular.
    package var permission: Permission? { if case .requires(let permission) = access { permission } else { nil } }

    /// Lets the caller pass. A bad key is told before everything else.
    ///
    /// - Throws: 403 on the developer API and 401 elsewhere, with the reason, as clients of each expect. Under OpenAI's own
    ///   addresses 401 says that the key is wrong, and 403 that it may not do this.
    func checkCaller(_ context: APIContext, for request: Request) throws(APIError) {
        if access != .everybody, context.caller == .nobody {
            if request.hasOpenAIStatuses { throw .noOpenAIKey(context.refusedCredential) }
            throw request.isForBrowsers
                ? APIError(.unauthorized, message: context.refusedCredential ?? "No auth token found.")
                : APIError.forbidden
        }
        if let permission, let refusal = context.caller.refusal(of: permission) {
            throw APIError(request.isForBrowsers ? .unauthorized : .forbidden, message: refusal)
        }
    }

    /// - Throws: 401 in the other mode; whatever the database throws where the mode cannot be read.
    func checkMode(of instance: InstanceMode) async throws {
        guard let mode, try await instance.isMultiUser() != (mode == .multiUser) else { return }
        throw APIError(
            .unauthorized,
            message: mode == .multiUser
                ? "Instance is not in Multi-User mode. Permission denied."
                : "Instance is in Multi-User mode. Permission denied.")
    }
}

extension Request {
    /// Whether the address is one of those that people's browsers use, whose refusals are 401 and not 403: all but the
    /// developer API and what monitoring reads. Clients of the Model Context Protocol expect 401, too.
    var isForBrowsers: Bool {
        let segments = uri.path.lowercased().split(separator: "/")
        return isForMCP || segments.count > 1 && segments[0] == "api" && !["v1", "metrics"].contains(segments[1])
    }
}
