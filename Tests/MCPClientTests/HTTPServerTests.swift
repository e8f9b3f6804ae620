import Domain
import HTTPTypes
import Hummingbird
import MCPClient
import NIOCore
import OrderedJSON
import TestSupport
import Testing

/// Servers over HTTP: a stand-in on a real socket answers as the test says.
@Suite struct HTTPServerTests {
    @Test(arguments: [StandInSite.Form.json, .events, .eventsWithProgress])
    func `a server's tools are offered and run`(form: StandInSite.Form) async throws {
        try await StandInSite.run(form) { site in
            try await ToolServerScope.run([site.entry]) { server in
                #expect(await server.names == ["web-echo", "web-hang"])
                let said = try await server.call("web-echo", #"{"text":"x"}"#)
                #expect(said == ToolResult(text: "x"))
            }
            let requests = site.requests
            #expect(requests.allSatisfy { $0.headers["authorization"] == "Bearer secret-key-1" })
            #expect(requests.first?.headers["mcp-session-id"] == nil)
            #expect(requests.dropFirst().allSatisfy { $0.headers["mcp-session-id"] == "session-1" })
            #expect(requests.dropFirst().allSatisfy { $0.headers["mcp-protocol-version"] == "2025-06-18" })
            // The session was ended when nobody needed it any more.
            #expect(requests.last?.method == "DELETE")
        }
    }

    @Test func `a session that the server has forgotten is begun again`() async throws {
        try await StandInSite.run(.json) { site in
            try await ToolServerScope.run([site.entry]) { server in
                _ = await server.offer()
                site.forgetSessions()
                await #expect(throws: ServiceError.self) { try await server.call("web-echo", #"{"text":"x"}"#) }
                _ = try await server.offer { $0.problems.isEmpty && site.sessions == 2 }
                #expect(try await server.call("web-echo", #"{"text":"y"}"#).text == "y")
            }
        }
    }

    @Test func `a silent server ends a call in time, and is told`() async throws {
        try await StandInSite.run(.json) { site in
            try await ToolServerScope.run([site.entry], { $0.callTime = .milliseconds(100) }) { server in
                _ = await server.offer()
                await #expect(throws: ServiceError.self) { try await server.call("web-hang") }
                try await site.wait { $0.contains { $0.body["method"] == "notifications/cancelled" } }
            }
        }
    }

    @Test(arguments: [
        (StandInSite.Form.refusing(401), "refuses the credentials"), (.refusing(500), "HTTP 500"),
        (.refusing(302), "HTTP 302"), (.garbage, "no JSON"), (.cut, "broke its answer off"),
        (.unknownRevision, "no revision"), (.accepting, "gives no answer"),
    ]) func `a server that cannot be used is a problem in words, without secrets`(
        form: StandInSite.Form, reason: String
    ) async throws {
        try await StandInSite.run(form) { site in
            try await ToolServerScope.run([site.entry]) { server in
                let offer = await server.offer()
                #expect(offer.tools == [])
                let problem = try #require(offer.problems.first)
                #expect(problem.contains(reason), "\(problem)")
                #expect(!problem.contains("secret"))
            }
        }
    }

    @Test func `where nobody listens, that is said`() async throws {
        let entry = MCPServerEntry(name: "web", reach: .http(address: "http://127.0.0.1:9/mcp", headers: []))
        try await ToolServerScope.run([entry]) { server in
            let problems = await server.offer().problems
            #expect(problems.first?.contains("cannot be reached (connection refused)") == true, "\(problems)")
        }
    }

    @Test func `a server of the old transport is spoken to over its stream`() async throws {
        try await StandInSite.run(.oldTransport) { site in
            let entry = MCPServerEntry(name: "old", reach: .events(address: site.origin + "/sse", headers: []))
            try await ToolServerScope.run([entry]) { server in
                #expect(await server.names == ["old-echo", "old-hang"])
                let said = try await server.call("old-echo", #"{"text":"x"}"#)
                #expect(said.text == "x")
            }
        }
    }

    @Test func `a stream that sends messages elsewhere is not followed`() async throws {
        try await StandInSite.run(.oldTransportElsewhere) { site in
            let entry = MCPServerEntry(name: "old", reach: .events(address: site.origin + "/sse", headers: []))
            try await ToolServerScope.run([entry]) { server in
                let problems = await server.offer().problems
                #expect(problems.first?.contains("does not say where messages are sent") == true, "\(problems)")
            }
        }
    }
}
