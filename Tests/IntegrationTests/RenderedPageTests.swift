import Domain
import Foundation
import LinkFetching
import NIOHTTP1
import OrderedJSON
import TestSupport
import Testing

/// The built program with the real browser, where there is one.
@Suite(.enabled(if: ChromiumRenderer.isInstalled), .timeLimit(.minutes(2))) struct RenderedPageTests {
    @Test func `what scripts write is found, and nothing of the browser is left`() async throws {
        let page = """
            <!DOCTYPE html><title>Ferries</title><div id=app></div><script>
            fetch('/times').then(r => r.json()).then(t => app.innerHTML = '<p>The ferry leaves at ' + t.hour + '.</p>')
            </script>
            """
        let times = FakeSite.Page.bytes("application/json", Array(#"{"hour": "nine"}"#.utf8))
        try await FakeSite.run(["/": .html(page), "/times": times]) { site in
            try await RunningServer.run { server in
                server.end(with: SIGTERM)
                try await server.start(environment: [
                    "LINK_RENDERER": "chromium", "LECTERN_LINK_ALLOWLIST": "127.0.0.1:\(site.port)",
                ])
                let answer = try await server.api.json(.POST, "/document/upload-link", ["link": .string(site.address)])
                let document = try #require(answer["documents"]?.arrayValue?.first)
                #expect(document["pageContent"] == "The ferry leaves at nine.")
                #expect(answer["warnings"] == nil)
            }
        }
    }
}
