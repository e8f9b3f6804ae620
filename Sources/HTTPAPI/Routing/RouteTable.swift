import Engine
package import HTTPTypes
import Hummingbird

/// Operations of the API, each with who may call it. There is no other way into the router, so that no operation can be
/// without a policy.
package struct RouteTable: Sendable {
    typealias Handler = @Sendable (Request, APIContext) async throws -> Response

    package struct Route: Sendable {
        package let method: HTTPRequest.Method
        /// `/api/v1/workspace/{slug}`; in lower case, for addresses are matched without regard to case.
        package let path: String
        package let policy: Policy
        fileprivate let handler: Handler

        fileprivate init(
            _ method: HTTPRequest.Method, _ path: String, _ policy: Policy, _ handler: @escaping Handler
        ) {
            self.method = method
            self.path = path.lowercased()
            self.policy = policy
            self.handler = handler
        }

        /// Answers a request whose caller may make it, before anything of its body is read.
        func respond(
            to request: Request, _ context: APIContext, mode: InstanceMode
        ) async throws -> Response {
            do {
                try policy.checkCaller(context, for: request)
                if policy.mode != nil { try await policy.checkMode(of: mode) }
            } catch let error as APIError {
                throw error.shaped(for: request)
            }
            return try await handler(request, context)
        }
    }

    package private(set) var routes: [Route] = []
    private let root: String

    /// - Parameter root: what stands before the paths of the routes that are added.
    init(under root: String) { self.root = root }

    /// All these routes.
    init(_ tables: [RouteTable]) {
        root = ""
        routes = tables.flatMap(\.routes)
    }

    // MARK: Building

    func get(_ path: String, _ policy: Policy, use handler: @escaping Handler) -> RouteTable {
        adding(.get, path, policy, handler)
    }

    func post(_ path: String, _ policy: Policy, use handler: @escaping Handler) -> RouteTable {
        adding(.post, path, policy, handler)
    }

    func delete(_ path: String, _ policy: Policy, use handler: @escaping Handler) -> RouteTable {
        adding(.delete, path, policy, handler)
    }

    /// The same route once more for a last word that another method's route has taken: `new` makes a workspace and may be
    /// the slug of one. The router stops at the word, so this says which parameter it stands for.
    func and(for word: String) -> RouteTable {
        guard let route = routes.last, let slash = route.path.lastIndex(of: "/") else { return self }
        let name = route.path[slash...].dropFirst(2).dropLast()
        return adding(route.method, absolute: "\(route.path[..<slash])/\(word)", route.policy) { request, context in
            var context = context
            context.coreContext.parameters[name] = request.uri.path.split(separator: "/").last
            return try await route.handler(request, context)
        }
    }

    /// The same routes a second time, under another root.
    ///
    /// - Parameter root: that all of them are under.
    func also(under other: String, insteadOf root: String) -> RouteTable {
        var table = self
        table.routes += routes.map { route in
            Route(route.method, other + route.path.dropFirst(root.count), route.policy, route.handler)
        }
        return table
    }

    private func adding(
        _ method: HTTPRequest.Method, _ path: String, _ policy: Policy, _ handler: @escaping Handler
    ) -> RouteTable {
        adding(method, absolute: path.isEmpty ? root : "\(root)/\(path)", policy, handler)
    }

    private func adding(
        _ method: HTTPRequest.Method, absolute path: String, _ policy: Policy, _ handler: @escaping Handler
    ) -> RouteTable {
        var table = self
        table.routes.append(Route(method, path, policy, handler))
        return table
    }

    // MARK: Reading

    /// Which methods an address takes, to tell a wrong method from an unknown address.
    func methods(forPath path: String) -> [String] {
        let segments = path.split(separator: "/")
        let matching = routes.filter { route in
            let own = route.path.split(separator: "/")
            return own.count == segments.count
                && zip(own, segments).allSatisfy { $0.hasPrefix("{") || $0 == $1.lowercased() }
        }
        return Set(matching.flatMap { $0.method == .get ? ["GET", "HEAD"] : [$0.method.rawValue] }).sorted()
    }
}
