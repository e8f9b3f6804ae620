import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import TestSupport
import Testing

/// The built program with a certificate of its own.
@Suite struct TLSTests {
    @Test func `a certificate is served over HTTP/2 and HTTP/1.1, and read again when it changes`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lectern-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Self.makeCertificate(named: "first", in: folder)
        try await RunningServer.run { server in
            server.end(with: SIGTERM)
            try await server.start(environment: [
                "HTTPS_CERT_PATH": folder.appending(path: "certificate.pem").path,
                "HTTPS_KEY_PATH": folder.appending(path: "key.pem").path,
            ])
            let address = "https://127.0.0.1:\(server.api.port)/api/v1/auth"
            for version in [HTTPClient.Configuration.HTTPVersion.automatic, .http1Only] {
                let answer = try await Self.get(address, key: server.api.key, version)
                #expect(answer.status == .ok)
                #expect(answer.version == (version == .automatic ? .http2 : .http1_1))
            }
            // Over HTTP/2 the name stands in `:authority`.
            let rebound = try await Self.get(address, key: server.api.key, .automatic, host: "rebound.example")
            #expect(rebound.status == .misdirectedRequest)
            #expect(rebound.version == .http2)
            #expect(try Self.subject(of: server.api.port) == "first")
            try Self.makeCertificate(named: "second", in: folder)
            while try Self.subject(of: server.api.port) == "first" { try await Task.sleep(for: .milliseconds(500)) }
            #expect(try Self.subject(of: server.api.port) == "second")
            let before = try await Self.metrics(server)
            let expiry = before.firstMatch(of: /lectern_tls_certificate_expiry_timestamp_seconds (\d+)/)
            let end = try #require(expiry.flatMap { Double($0.1) })
            #expect(abs(end - Date().timeIntervalSince1970 - 2 * 86_400) < 3600)
            #expect(before.contains("lectern_tls_certificate_reload_failures_total 0\n"))
            // Another key, a file that is no certificate, and none at all.
            for breaks in [
                { try Self.makeKey(in: folder) },
                { try Data("x".utf8).write(to: folder.appending(path: "certificate.pem")) },
                { try FileManager.default.removeItem(at: folder.appending(path: "certificate.pem")) },
            ] as [() throws -> Void] {
                let seen = server.certificateWarnings.value
                try breaks()
                try await server.certificateWarnings.wait { $0 > seen }
                #expect(try Self.subject(of: server.api.port) == "second")
            }
            #expect(try await Self.metrics(server).contains("lectern_tls_certificate_reload_failures_total 3\n"))
        }
    }

    private static func get(
        _ address: String, key: String, _ version: HTTPClient.Configuration.HTTPVersion, host: String? = nil
    ) async throws -> HTTPClientResponse {
        var configuration = HTTPClient.Configuration(certificateVerification: .none)
        configuration.httpVersion = version
        return try await HTTPClient.withHTTPClient(configuration: configuration) { client in
            var request = HTTPClientRequest(url: address)
            request.headers.add(name: "Authorization", value: "Bearer \(key)")
            if let host { request.headers.add(name: "Host", value: host) }
            return try await client.execute(request, timeout: .seconds(20))
        }
    }

    private static func metrics(_ server: RunningServer) async throws -> String {
        let answer = try await get(
            "https://127.0.0.1:\(server.api.port)/api/metrics", key: server.api.key, .automatic)
        return String(buffer: try await answer.body.collect(upTo: 1 << 20))
    }

    private static func makeKey(in folder: URL) throws {
        _ = try run(["genrsa", "-out", folder.appending(path: "key.pem").path, "2048"])
    }

    private static func makeCertificate(named name: String, in folder: URL) throws {
        _ = try run([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=\(name)", "-keyout",
            folder.appending(path: "key.pem").path, "-out", folder.appending(path: "certificate.pem").path,
        ])
    }

    private static func subject(of port: Int) throws -> String? {
        try run(["s_client", "-connect", "127.0.0.1:\(port)"]).firstMatch(of: /subject=CN = (\w+)/).map { String($0.1) }
    }

    private static func run(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}
