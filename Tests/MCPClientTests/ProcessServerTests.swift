import Domain
import Foundation
import MCPClient
import Testing

@Suite struct ProcessServerTests {
    @Test func `a program's tools are offered and run`() async throws {
        try await StandInProgram.run { program in
            try await ToolServerScope.run([program.entry]) { server in
                let offer = await server.offer()
                #expect(offer.problems == [])
                #expect(
                    offer.tools.map(\.definition.name) == [
                        "files-echo", "files-fail", "files-sleep", "files-die", "files-environment", "files-grow",
                    ])
                let echo = try #require(offer.tools.first)
                #expect(echo.title == "Echo" && echo.server == "files")
                #expect(echo.definition.description == "Says it again.")
                #expect(
                    echo.definition.parameters
                        == .schema(
                            #"{"type":"object","properties":{"text":{"type":"string"}},"required":["text"]}"#))
                let said = try await server.call("files-echo", #"{"text":"Grüße\n👋"}"#)
                #expect(said == ToolResult(text: "Grüße\n👋"))
                let failed = try await server.call("files-fail")
                #expect(failed == ToolResult(text: "It did not work.", isError: true))
                let mistaken = try await server.call("files-echo", "[1]")
                #expect(mistaken.isError)
                await #expect(throws: ServiceError.self) { try await server.call("files-nothing") }
            }
            #expect(program.messages.prefix(3).contains("initialize"))
            // Its ping was answered.
            #expect(program.messages.contains("response"))
            #expect(program.messages.contains("notifications/initialized"))
        }
    }

    @Test func `many calls at once have their own answers`() async throws {
        try await StandInProgram.run { program in
            try await ToolServerScope.run([program.entry]) { server in
                _ = await server.offer()
                try await withThrowingTaskGroup(of: (Int, String).self) { group in
                    for number in 0..<50 {
                        group.addTask { (number, try await server.call("files-echo", #"{"text":"\#(number)"}"#).text) }
                    }
                    for try await (number, text) in group { #expect(text == "\(number)") }
                }
            }
        }
    }

    @Test func `a call that takes too long ends, and the program is told`() async throws {
        try await StandInProgram.run { program in
            try await ToolServerScope.run([program.entry], { $0.callTime = .milliseconds(100) }) { server in
                _ = await server.offer()
                await #expect {
                    try await server.call("files-sleep")
                } throws: { error in
                    (error as? ServiceError)?.message.contains("files did not answer within") == true
                }
                try await program.wait(for: "notifications/cancelled 4")
            }
        }
    }

    @Test func `a call that nobody waits for any more is cancelled`() async throws {
        try await StandInProgram.run { program in
            try await ToolServerScope.run([program.entry]) { server in
                _ = await server.offer()
                let call = Task { try await server.call("files-sleep") }
                try await program.wait(for: "tools/call")
                call.cancel()
                await #expect(throws: CancellationError.self) { try await call.value }
                try await program.wait(for: "notifications/cancelled 4")
            }
        }
    }

    @Test func `a program that dies is started again, and its call fails in words`() async throws {
        try await StandInProgram.run { program in
            try await ToolServerScope.run([program.entry]) { server in
                _ = await server.offer()
                await #expect {
                    try await server.call("files-die")
                } throws: { error in
                    (error as? ServiceError)?.message == "The MCP server files ended."
                }
                let offer = try await server.offer { $0.problems.isEmpty && program.processes.count == 2 }
                #expect(offer.tools.count == 6)
                #expect(try await server.call("files-echo", #"{"text":"x"}"#).text == "x")
            }
        }
    }

    @Test func `tools that come later are offered`() async throws {
        try await StandInProgram.run { program in
            try await ToolServerScope.run([program.entry]) { server in
                _ = await server.offer()
                _ = try await server.call("files-grow")
                let offer = try await server.offer { $0.tools.count == 7 }
                #expect(offer.tools.last?.definition.name == "files-new")
            }
        }
    }

    @Test func `a program sees none of this process' secrets, and ends with it`() async throws {
        setenv("LECTERN_TEST_SECRET", "x", 1)
        try await StandInProgram.run { program in
            try await ToolServerScope.run([program.entry]) { server in
                _ = await server.offer()
                let names = try await server.call("files-environment").text.split(separator: " ")
                #expect(names.contains("PATH") && names.contains("STAND_IN_KEY"))
                #expect(!names.contains("LECTERN_TEST_SECRET"))
            }
            let process = try #require(program.processes.first)
            #expect(kill(process, 0) == -1)
        }
    }

    @Test(arguments: [
        (["/nowhere/server"], "there is no program /nowhere/server"), (["true"], "ended"),
        (["sh", "-c", "echo secret-key-1 >&2; exit 1"], "ended"),
    ]) func `a program that is none is a problem of its own`(command: [String], reason: String) async throws {
        let broken = MCPServerEntry(
            name: "broken", reach: .process(command: command, environment: ["KEY": "secret-key-1"]))
        try await StandInProgram.run { program in
            try await ToolServerScope.run([broken, program.entry]) { server in
                let offer = try await server.offer { $0.problems.first?.contains("starting") == false }
                #expect(offer.problems.count == 1)
                #expect(offer.problems.first?.hasPrefix("The MCP server broken ") == true)
                #expect(offer.problems.first?.contains(reason) == true, "\(offer.problems)")
                #expect(offer.tools.count == 6)
            }
        }
    }
}
