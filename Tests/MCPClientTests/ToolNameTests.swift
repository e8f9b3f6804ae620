import OrderedJSON
import Testing

@testable import MCPClient

@Suite struct ToolNameTests {
    @Test func `names are unlike each other, and every provider takes them`() throws {
        let tools = [
            ("files", "read_file"), ("files", "read.file"), ("files", "read file"), ("fi", "les-x"), ("fi-les", "x"),
            ("größe", "lesen"), ("long", String(repeating: "x", count: 200)),
            ("long", String(repeating: "x", count: 201)), ("💡", "💡"),
        ]
        var names: [String] = []
        for (server, tool) in tools {
            let name = ToolNames.name(of: tool, server: server) { names.contains($0) }
            #expect(name.wholeMatch(of: /[a-zA-Z0-9_-]{1,64}/) != nil, "\(name)")
            #expect(!names.contains(name))
            names.append(name)
        }
        #expect(names[0] == "files-read_file")
        #expect(names[3] == "fi-les-x")
    }

    @Test func `a schema is one that providers take`() throws {
        let plain = try #require(MCPTool(["name": "now"]))
        #expect(plain.schema == #"{"type":"object","properties":{}}"#)
        let full = try #require(
            MCPTool([
                "name": "a", "annotations": ["title": "A tool"],
                "inputSchema": ["$schema": "x", "type": "object", "properties": ["b": ["type": "string"]]],
            ]))
        #expect(full.schema == #"{"type":"object","properties":{"b":{"type":"string"}}}"#)
        #expect(full.title == "A tool")
        #expect(MCPTool(["name": ""]) == nil)
        let long = JSON.string(String(repeating: "x", count: 40_000))
        #expect(MCPTool(["name": "a", "inputSchema": ["properties": ["b": ["description": long]]]]) == nil)
    }

    @Test func `secrets are not repeated`() {
        let words = SecretWords(["Bearer abcdef123", "short"])
        #expect(words.removed(from: "no Bearer abcdef123, no abcdef123, short") == "no [hidden], no [hidden], short")
    }
}
