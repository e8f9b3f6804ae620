import Domain
import Engine
import HTTPAPI
import HTTPTypes
import Hummingbird
import OrderedJSON
import Testing
import WebUI

/// The route table is walked, so that an operation which is added later is held to the same.
@Suite struct PolicyTests {
    @Test func `the router holds what the route table declares and nothing else`() async throws {
        try await TestServer.run { client in
            let services = client.server.services
            let declared = Set(routeTable(services).routes.map { "\($0.method) \($0.path)" })
            // What answers GET answers HEAD.
            let registered = buildRouter(services).routes.filter { $0.method != .head }.map {
                "\($0.method) \($0.path)"
            }
            #expect(Set(registered) == declared)
            #expect(registered.count == routeTable(services).routes.count)
        }
    }

    @Test func `the document asks for a key where the policy does`() async throws {
        try await TestServer.run { client in
            let document = try JSON(parsing: EmbeddedFile.openAPIDocument)
            #expect(document["security"]?.arrayValue?.isEmpty == false)
            let operations = (document["paths"]?.objectValue?.members ?? []).flatMap { path -> [(name: String, JSON)] in
                DocumentedPath(path).operations.flatMap { operation in
                    operation.names.map { (name: $0, operation.value) }
                }
            }
            let securities = Dictionary(operations.map { ($0.name, $0.1["security"]) }) { first, _ in first }
            for route in routeTable(client.server.services).routes {
                // A word that stands for a parameter has no entry of its own.
                guard let security = securities["\(route.method) \(route.path)".lowercased()] else { continue }
                #expect((security == []) == (route.policy.access == .everybody), "\(route.method) \(route.path)")
            }
        }
    }

    @Test(arguments: ["", "Bearer", "Bearer ", "Bearer null", "bearer AAAAAAA-BBBBBBB-CCCCCCC-DDDDDDD", "x"])
    func `A20 nobody gets anywhere that is not for everybody`(authorization: String) async throws {
        try await TestServer.run { client in
            for route in routeTable(client.server.services).routes {
                let answer = try await client.send(
                    route.method, address: Self.address(of: route), ["name": "x"], authorization: authorization)
                guard route.policy.access != .everybody else {
                    #expect(answer.status < 500, "\(route.method) \(route.path)")
                    continue
                }
                let isDeveloperAPI = ["/api/v1", "/api/metrics"].contains { route.path.hasPrefix($0) }
                #expect(answer.status == (isDeveloperAPI ? 403 : 401), "\(route.method) \(route.path)")
                let body = try JSON(parsing: answer.text)
                if route.path == "/mcp" {
                    #expect(body["error"]?["message"]?.stringValue?.contains("auth token") == true)
                } else if route.path.hasPrefix("/v1/") {
                    #expect(body["error"]?["code"] == "invalid_api_key", "\(route.path)")
                } else if !isDeveloperAPI {
                    #expect(body["error"]?.stringValue?.contains("auth token") == true, "\(route.path)")
                } else if route.path.hasPrefix("/api/v1/openai/") {
                    #expect(body["error"]?["message"]?.stringValue?.isEmpty == false)
                } else {
                    #expect(body == ["error": "No valid api key found.", "message": "Invalid API Key"])
                }
            }
            let workspaces = try await client.json(.get, "/v1/workspaces")["workspaces"]
            #expect(workspaces == [])
        }
    }

    @Test(arguments: Caller.Scope.allCases)
    func `a key does what its scope holds`(scope: Caller.Scope) async throws {
        try await TestServer.run { client in
            let confined = try await client.withKey(scopes: [scope])
            let caller = Caller.key(.init(id: 2, scopes: [scope]))
            for route in routeTable(client.server.services).routes {
                guard let permission = route.policy.permission, permission != .changeMode else { continue }
                let answer = try await confined.send(route.method, address: Self.address(of: route), [:])
                let mayPass = caller.refusal(of: permission) == nil
                let isRefused = answer.text.contains("it needs the scope \(permission.scope.rawValue)")
                #expect(isRefused != mayPass, "\(route.method) \(route.path): \(answer.status)")
                if isRefused { #expect([401, 403].contains(answer.status)) }
            }
        }
    }

    @Test func `what concerns the instance is not for a key that is confined to workspaces`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            let confined = try await client.withKey(workspaces: .only([1]))
            for (method, path) in [
                (HTTPRequest.Method.get, "/v1/system"), (.post, "/v1/system/update-env"),
                (.get, "/v1/system/vector-count"), (.post, "/v1/workspace/new"),
            ] {
                let answer = try await confined.send(method, path, ["name": "x"])
                #expect(answer.status == 403, "\(path)")
            }
            let own = try await confined.json(.get, "/v1/workspaces")["workspaces"]?.arrayValue?.count
            #expect(own == 1)
        }
    }

    /// The route's address with a value for each parameter.
    private static func address(of route: RouteTable.Route) -> String {
        route.path.split(separator: "/").map { $0.hasPrefix("{") ? "/x" : "/\($0)" }.joined()
    }
}
