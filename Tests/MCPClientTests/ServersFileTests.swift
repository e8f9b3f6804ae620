import Foundation
import MCPClient
import Testing

@Suite struct ServersFileTests {
    @Test func `programs and addresses are read as other clients have them`() {
        let file = MCPServersFile(
            text: Array(
                #"""
                {"mcpServers": {
                  "files": {"command": "npx", "args": ["-y", "server-files", 7], "env": {"TOKEN": "t", "LEVEL": 2}},
                  "web": {"url": "https://tools.example/mcp", "headers": {"Authorization": "Bearer x"}},
                  "stream": {"type": "streamable", "url": "http://127.0.0.1:1/mcp"},
                  "old": {"type": "sse", "url": "http://127.0.0.1:1/sse"},
                  "off": {"command": "x", "disabled": true},
                  "later": {"command": "x", "anythingllm": {"autoStart": false}},
                  "some": {"command": "x", "anythingllm": {"suppressedTools": ["rm"]}}
                }}
                """#.utf8))
        #expect(file.problems == [])
        #expect(
            file.entries == [
                MCPServerEntry(
                    name: "files",
                    reach: .process(
                        command: ["npx", "-y", "server-files", "7"], environment: ["TOKEN": "t", "LEVEL": "2"])),
                MCPServerEntry(
                    name: "web",
                    reach: .http(
                        address: "https://tools.example/mcp",
                        headers: [.init(name: "Authorization", value: "Bearer x")])),
                MCPServerEntry(name: "stream", reach: .http(address: "http://127.0.0.1:1/mcp", headers: [])),
                MCPServerEntry(name: "old", reach: .events(address: "http://127.0.0.1:1/sse", headers: [])),
                MCPServerEntry(
                    name: "some", reach: .process(command: ["x"], environment: [:]), suppressedTools: ["rm"]),
            ])
    }

    @Test(arguments: [
        (#"{"a": 7}"#, "no object"), (#"{"a": {}}"#, "needs a command, or a url"),
        (#"{"a": {"url": "ftp://x"}}"#, "needs a command, or a url"),
        (#"{"a": {"url": "http://x", "type": "websocket"}}"#, "streamable or sse"),
        (#"{"a": {"url": "http://x", "headers": {"A B": "x"}}}"#, "headers"),
        (#"{"a": {"url": "http://x", "headers": {"A": "x\ny"}}}"#, "headers"),
        (#"{"a": {"command": ""}}"#, "command must be"), (#"{"a": {"command": "x", "args": "y"}}"#, "args must be"),
        (#"{"a": {"command": "x", "env": ["y"]}}"#, "env must be"),
        (#"{"a": {"command": "x", "env": {"A=B": "y"}}}"#, "env"), (#"{"": {"command": "x"}}"#, "name must have"),
    ]) func `an entry that is wrong leaves the others as they are`(entry: String, problem: String) throws {
        let text = #"{"mcpServers": {"good": {"command": "x"}, "# + entry.dropFirst() + "}"
        let file = MCPServersFile(text: Array(text.utf8))
        #expect(file.entries.map(\.name) == ["good"])
        #expect(file.problems.count == 1)
        #expect(file.problems.first?.contains(problem) == true, "\(file.problems)")
    }

    @Test(arguments: ["", "{", "[]", "{}", #"{"mcpServers": []}"#, #"{"mcpServers": {"a": {}, "a": {}}}"#])
    func `a file that is none says so`(text: String) {
        let file = MCPServersFile(text: Array(text.utf8))
        #expect(file.entries == [])
        #expect(file.problems.count == 1)
    }

    @Test func `a file that is not there is no problem, unless it was named`() {
        #expect(MCPServersFile(path: "/nowhere/servers.json", isOptional: true) == MCPServersFile())
        #expect(MCPServersFile(path: "/nowhere/servers.json", isOptional: false).problems.count == 1)
    }
}
