import Domain
import Engine
import Foundation
import HTTPAPI
import HTTPTypes
import HummingbirdTesting
import NIOCore
import OrderedJSON
import Persistence
import ServerAssembly
import Testing

/// Files that answers have made.
@Suite struct GeneratedFileTests {
    private static let name = "pdf-e9e14f28-d6b6-4f49-91a0-dd331517f567.pdf"

    @Test func `a file comes whole or in part, for nobody to run`() async throws {
        try await TestServer.run { client in
            // More than is in memory at once.
            let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 * 31 >> 3) }
            try client.generate(Self.name, bytes)
            let whole = try await client.download(Self.name)
            #expect(whole.status == 200 && whole.body == bytes)
            #expect(whole.headers[.contentType] == "application/pdf")
            #expect(whole.headers[.contentDisposition] == "attachment; filename=\"\(Self.name)\"")
            #expect(whole.headers[.xContentTypeOptions] == "nosniff")
            #expect(whole.headers[.contentLength] == "200000" && whole.headers[.acceptRanges] == "bytes")
            let tag = try #require(whole.headers[.eTag])
            for (range, part) in [
                ("bytes=0-0", 0..<1), ("bytes=100000-", 100_000..<200_000), ("bytes=-5", 199_995..<200_000),
                ("BYTES=65530-65545", 65_530..<65_546), ("bytes=199999-999999999999999999999", 199_999..<200_000),
                ("bytes=-99999999", 0..<200_000),
            ] {
                let answer = try await client.download(Self.name, [.range: range, .ifRange: tag])
                #expect(answer.status == 206 && answer.body == Array(bytes[part]), "\(range)")
                #expect(answer.headers[.contentRange] == "bytes \(part.lowerBound)-\(part.upperBound - 1)/200000")
                #expect(answer.headers[.contentLength] == "\(part.count)")
            }
            for range in ["bytes=200000-", "bytes=-0"] {
                let answer = try await client.download(Self.name, [.range: range])
                #expect(answer.status == 416 && answer.headers[.contentRange] == "bytes */200000", "\(range)")
            }
            for range in ["bytes=5-2", "bytes=a-b", "bytes=0-1,5-6", "lines=0-1", "bytes", "bytes=--1", "bytes=-"] {
                #expect(try await client.download(Self.name, [.range: range]).status == 200, "\(range)")
            }
            #expect(try await client.download(Self.name, [.range: "bytes=0-1", .ifRange: "\"other\""]).status == 200)
            #expect(try await client.download(Self.name, [.ifNoneMatch: tag]).status == 304)
            try client.generate("svg-\(Self.name.dropFirst(4).dropLast(4)).svg", [])
            let empty = try await client.download("svg-\(Self.name.dropFirst(4).dropLast(4)).svg")
            #expect(empty.status == 200 && empty.body == [] && empty.headers[.contentType] == "image/svg+xml")
            #expect(empty.headers[.contentSecurityPolicy]?.contains("sandbox") == true)
        }
    }

    @Test func `A1 A3 A6 nothing but a generated file is ever opened`() async throws {
        try await TestServer.run { client in
            let directory = client.generatedFiles
            #expect(try await client.download(Self.name).status == 404)
            try client.generate(Self.name, [1])
            for name in [
                "..", ".", "%2e%2e", "..%2flectern.db", "lectern.db", "pdf-x.pdf", "-\(Self.name.dropFirst(4))",
                "pdf\(Self.name.dropFirst(3))%00",
                "..%2fgenerated-files%2f\(Self.name)", "\(Self.name)%2f..", "pdf-e9e14f28-d6b6-4f49-91a0-dd331517f567.",
                "pdf-e9e14f28-d6b6-4f49-91a0-dd331517f567.p%2ff", "pdf-e9e14f28-d6b6-4f49-91a0-dd331517f56.pdf",
            ] {
                let answer = try await client.download(name)
                #expect(answer.status == 400, "\(name)")
                #expect(String(decoding: answer.body, as: UTF8.self).contains("Invalid filename format"))
            }
            let names = (0..<3).map { "txt-e9e14f28-d6b6-4f49-91a0-dd331517f56\($0).txt" }
            try FileManager.default.createSymbolicLink(
                atPath: "\(directory)/\(names[0])", withDestinationPath: "\(client.server.storage.path)/secret.key")
            try FileManager.default.createDirectory(
                atPath: "\(directory)/\(names[1])", withIntermediateDirectories: false)
            #expect(mkfifo("\(directory)/\(names[2])", 0o600) == 0)
            for name in names {
                let answer = try await client.download(name)
                #expect(answer.status == 404, "\(name)")
                #expect(String(decoding: answer.body, as: UTF8.self).contains("File not found"))
            }
            #expect(try await client.download(Self.name).status == 200)
        }
    }

    @Test func `a confined key gets no file`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            try client.generate(Self.name, [1])
            let confined = try await client.withKey(workspaces: .only([1]))
            #expect(try await confined.download(Self.name).status == 404)
        }
    }

    @Test func `old files go, unless a chat that people see names them`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            let names = (0..<5).map { "txt-e9e14f28-d6b6-4f49-91a0-dd331517f56\($0).txt" }
            for name in names + ["notes.txt"] {
                try client.generate(name, [1])
                guard name != names[0] else { continue }
                try FileManager.default.setAttributes(
                    [.modificationDate: Date(timeIntervalSinceNow: -3700)],
                    ofItemAtPath: "\(client.generatedFiles)/\(name)")
            }
            try await client.store("q", answer: "See \(names[1]).")
            try await client.store("q", answer: "See \(names[2]).", isIncluded: false)
            #expect(try await client.server.services.library.generatedFiles.sweep() == 3)
            let left = try FileManager.default.contentsOfDirectory(atPath: client.generatedFiles).sorted()
            #expect(left == ["notes.txt", names[0], names[1]])
        }
    }
}

extension TestClient {
    fileprivate var generatedFiles: String { "\(server.storage.path)/generated-files" }

    fileprivate func generate(_ name: String, _ bytes: [UInt8]) throws {
        try FileManager.default.createDirectory(atPath: generatedFiles, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: "\(generatedFiles)/\(name)"))
    }

    fileprivate func download(
        _ name: String, _ fields: HTTPFields = [:]
    ) async throws -> (status: Int, headers: HTTPFields, body: [UInt8]) {
        var headers = fields
        headers[.authorization] = "Bearer \(key)"
        return try await client.execute(
            uri: "/api/v1/document/generated-files/\(name)", method: .get, headers: headers, body: nil
        ) { (Int($0.status.code), $0.headers, Array(buffer: $0.body)) }
    }
}
