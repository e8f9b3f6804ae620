import ArgumentParser
import AsyncHTTPClient
import Domain
import Foundation
import MCPClient

struct MCPCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mcp",
        abstract: "Speak the Model Context Protocol on standard input and output, for a running server.",
        discussion: """
            For clients that start programs as their servers, desktop ones above all. What they may do is what the key may:

              {"mcpServers": {"lectern": {"command": "lectern", "args": ["mcp"], "env": {"LECTERN_API_KEY": "…"}}}}

            Clients that speak HTTP need none of this: the server takes the same messages at /mcp.
            """)

    @Option(help: "The server (LECTERN_SERVER; else \(LibraryClient.standardAddress)).")
    var server: String?

    @Option(help: "The API key (LECTERN_API_KEY, which other people of the machine do not see).")
    var key: String?

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let given = server ?? environment["LECTERN_SERVER"].flatMap { $0.isEmpty ? nil : $0 }
        guard let address = Self.address(of: given ?? LibraryClient.standardAddress) else {
            throw Failure("\(given ?? "") is no address of a server; write it like \(LibraryClient.standardAddress).")
        }
        let key = key ?? environment["LECTERN_API_KEY"] ?? ""
        let headers = key.isEmpty ? [] : [MCPServerEntry.Header(name: "Authorization", value: "Bearer \(key)")]
        try await HTTPClient.withHTTPClient(configuration: .toolServers) { http in
            try await MCPBridge(address: address, headers: headers, client: http).run()
        }
    }

    /// `http://127.0.0.1:3001/mcp`; `nil` where `text` is no address of the web. What it names of the API is left out.
    static func address(of text: String) -> String? {
        let text = text.contains("://") ? text : "http://\(text)"
        guard let web = WebAddress(text), web.isWeb, let origin = web.origin else { return nil }
        let kept = web.path.split(separator: "/").prefix { !["api", "mcp"].contains($0) }
        return origin + (kept + ["mcp"]).map { "/" + $0 }.joined()
    }
}
