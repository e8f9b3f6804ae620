import Domain
import Engine
import HTTPAPI
import HTTPTypes
import OrderedJSON
import Testing

/// Every route, asked in every mode by everybody whom the mode knows, against the policy that the route declares.
@Suite struct RoleMatrixTests {
    @Test(arguments: Caller.Role.allCases)
    func `A18 a user does what the role holds`(role: Caller.Role) async throws {
        try await TestServer.run { client in
            try await client.turnOnMultiUserMode()
            try await client.makeUser("ann", role: role.rawValue)
            let ann = try await client.asUser("ann")
            for route in routeTable(client.server.services).routes where !Self.endsSessions(route) {
                let answer = try await ann.send(route.method, address: Self.address(of: route), [:])
                let caller = Caller.user(.init(id: 2, name: "ann", role: role, workspaces: .all))
                try Self.check(answer, of: route, caller, isMultiUser: true)
            }
        }
    }

    @Test func `A18 the owner of an instance does everything that there is in single-user mode`() async throws {
        try await TestServer.run(environment: ["AUTH_TOKEN": "owner password"]) { client in
            let token = try #require(
                try await client.json(.post, "/request-token", ["password": "owner password"])["token"]?.stringValue)
            let owner = TestClient(client: client.client, server: client.server, key: token)
            for route in routeTable(client.server.services).routes where !Self.endsSessions(route) {
                let answer = try await owner.send(route.method, address: Self.address(of: route), [:])
                try Self.check(answer, of: route, .owner, isMultiUser: false)
            }
        }
    }

    @Test(arguments: [false, true])
    func `A25 a session of another mode, a damaged one and a foreign one let nobody in`(isMultiUser: Bool) async throws
    {
        try await TestServer.run(environment: ["AUTH_TOKEN": "owner password"]) { client in
            let owner = try #require(
                try await client.json(.post, "/request-token", ["password": "owner password"])["token"]?.stringValue)
            var tokens = [
                owner + "x", "a.b.c", "..", "eyJhbGciOiJub25lIn0.eyJpZCI6MSwidiI6MCwiZXhwIjo5OTk5OTk5OTk5fQ.",
                // Signed with an empty secret.
                "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpZCI6MSwidiI6MCwiZXhwIjo5OTk5OTk5OTk5fQ."
                    + "5x7Qw0OzXkzHQb1s8nQq3b6rJm1wqzC0m9rZ0XvK0yE",
            ]
            if isMultiUser {
                try await client.turnOnMultiUserMode()
                tokens.append(owner)
            }
            for token in tokens {
                let stranger = TestClient(client: client.client, server: client.server, key: token)
                for route in routeTable(client.server.services).routes where route.policy.access != .everybody {
                    // The same once more under another address; so many guesses are refused for their number.
                    if route.path.hasPrefix("/v1/"), token != tokens[0] { continue }
                    let answer = try await stranger.send(route.method, address: Self.address(of: route), [:])
                    #expect([401, 403].contains(answer.status), "\(route.method) \(route.path): \(answer.status)")
                }
            }
        }
    }

    /// A refusal for the role or for the mode comes exactly where the policy says so.
    private static func check(
        _ answer: (status: Int, text: String), of route: RouteTable.Route, _ caller: Caller, isMultiUser: Bool
    ) throws {
        guard route.policy.access != .everybody else { return }
        let place = "\(route.method) \(route.path): \(answer.status) \(answer.text.prefix(200))"
        let refusal = route.policy.permission.flatMap { caller.refusal(of: $0) }
        let isOfOtherMode = route.policy.mode.map { ($0 == .multiUser) != isMultiUser } ?? false
        if let refusal {
            #expect([401, 403].contains(answer.status), "\(place)")
            #expect(answer.text.contains(refusal), "\(place)")
        } else if isOfOtherMode {
            #expect(answer.status == 401, "\(place)")
            #expect(answer.text.contains("Multi-User mode. Permission denied."), "\(place)")
        } else {
            #expect(!answer.text.contains("it needs the role"), "\(place)")
            #expect(!answer.text.contains("Permission denied"), "\(place)")
            #expect(!answer.text.contains("No valid api key found."), "\(place)")
            #expect(answer.status < 500 || answer.status == 503 || isRefusedAsOnTheWire(route), "\(place)")
        }
    }

    /// Whether the wire has 500 for a body that says nothing.
    private static func isRefusedAsOnTheWire(_ route: RouteTable.Route) -> Bool {
        ["/create-folder", "/move-files", "/upload-link"].contains { route.path.hasSuffix($0) }
    }

    private static func endsSessions(_ route: RouteTable.Route) -> Bool {
        route.path.hasSuffix("/sign-out") || route.path.hasSuffix("/update-password")
    }

    /// The route's address with a value for each parameter.
    private static func address(of route: RouteTable.Route) -> String {
        route.path.split(separator: "/").map { $0.hasPrefix("{") ? "/x" : "/\($0)" }.joined()
    }
}
