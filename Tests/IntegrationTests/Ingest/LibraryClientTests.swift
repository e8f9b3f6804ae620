import AsyncHTTPClient
import Domain
import Foundation
import Hummingbird
import OrderedJSON
import TestSupport
import Testing

@testable import App

/// The client of `lectern ingest` against a server that has moods.
@Suite struct LibraryClientTests {
    private func run(
        _ answers: [(status: Int, headers: HTTPFields, body: String)], patience: Duration? = .seconds(30),
        _ body: (LibraryClient, Observed<Int>) async throws -> Void
    ) async throws {
        let asked = Observed(0)
        try await LoopbackServer.run { _ in
            let answer = answers[min(asked.value, answers.count - 1)]
            asked.change { $0 += 1 }
            return Response(
                status: .init(code: answer.status), headers: answer.headers,
                body: ResponseBody(byteBuffer: ByteBuffer(string: answer.body)))
        } _: { port in
            try await HTTPClient.withHTTPClient { http in
                let base = try #require(LibraryClient.base(of: "127.0.0.1:\(port)"))
                var client = LibraryClient(base: base, key: "k", http: http)
                client.patience = patience
                try await body(client, asked)
            }
        }
    }

    @Test func `a server that is busy is asked again when it says`() async throws {
        let busy: [(Int, HTTPFields, String)] = [
            (429, [.retryAfter: "0"], #"{"error":"Too many requests."}"#), (503, [.retryAfter: "0"], "{}"),
            (200, [:], #"{"workspaces":[{"slug":"w"}]}"#),
        ]
        try await run(busy) { client, asked in
            let slugs = try await client.workspaceSlugs()
            #expect(slugs == ["w"] && asked.value == 3)
        }
    }

    @Test func `nobody is asked about nothing`() async throws {
        try await run([(400, [:], "{}")]) { client, asked in
            let known = try await client.known([])
            #expect(known.isEmpty && asked.value == 0)
        }
    }

    @Test func `patience ends, and the server's words are told`() async throws {
        try await run([(503, [:], #"{"error":"10 jobs are waiting already."}"#)], patience: .zero) { client, _ in
            await #expect {
                try await client.workspaceSlugs()
            } throws: { error in
                let failure = error as? ClientFailure
                return failure?.message == "10 jobs are waiting already." && failure?.concernsAll == true
            }
        }
    }

    @Test func `a refusal is not tried again`() async throws {
        try await run([(413, [:], #"{"error":"The file is too large."}"#)]) { client, asked in
            await #expect {
                try await client.workspaceSlugs()
            } throws: { error in
                (error as? ClientFailure)?.concernsAll == false
            }
            #expect(asked.value == 1)
        }
    }

    @Test func `a wrong key, another program and nobody are told apart`() async throws {
        let cases: [(Int, String, String)] = [
            (403, #"{"error":"No valid api key found."}"#, "does not know this key"),
            (404, "Not here", "no Lectern server"), (200, "<html>", "no Lectern server"),
            (200, "{}", "no Lectern server"),
        ]
        for (status, body, words) in cases {
            try await run([(status, [:], body)]) { client, _ in
                await #expect {
                    try await client.verify()
                } throws: { error in
                    (error as? ClientFailure)?.message.contains(words) == true
                }
            }
        }
        try await HTTPClient.withHTTPClient { http in
            let client = LibraryClient(base: "http://127.0.0.1:1/api/v1", key: "", http: http)
            await #expect {
                try await client.verify()
            } throws: { error in
                (error as? ClientFailure)?.message.hasPrefix(
                    "No server answers at 127.0.0.1:1 (Connection refused).") == true
            }
        }
    }

    @Test(arguments: [
        ("localhost:3001", "http://localhost:3001/api/v1"), ("https://x.org/lectern/", "https://x.org/lectern/api/v1"),
        ("http://h/api/v1", "http://h/api/v1"), ("ftp://h", nil), ("http://", nil),
    ])
    func `a server's address is read as people write it`(text: String, base: String?) {
        #expect(LibraryClient.base(of: text) == base)
    }
}
