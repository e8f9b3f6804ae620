import Crypto
import Domain
import Engine
import Foundation
import NIOCore
import OrderedJSON
import Testing

@testable import HTTPAPI

@Suite struct UploadFormTests {
    private let directory: TemporaryDirectory
    private let spool: SpoolDirectory

    init() throws {
        directory = try TemporaryDirectory()
        spool = try SpoolDirectory(path: directory.path + "/spool")
    }

    private func path(of form: UploadForm) -> String { "\(spool.path)/\(form.file.name.text)" }

    private var spooled: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: spool.path).sorted()) ?? []
    }

    private func read(
        _ bytes: [UInt8], every size: Int = 4096, limit: Int = 10 << 20, failure: (any Error)? = nil
    ) async throws -> UploadForm {
        try await UploadForm.read(
            body: Pieces(bytes, every: size, failure: failure), contentType: contentType, spool: spool,
            limits: UploadLimits(maximumFileBytes: limit))
    }

    /// Expects that reading throws just this, and that nothing is left in the spool directory.
    private func expectFailure(
        _ expected: MultipartError, _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        await #expect(throws: expected, sourceLocation: sourceLocation) { try await read(bytes) }
        #expect(spooled == [], sourceLocation: sourceLocation)
    }

    @Test(arguments: [0, 1, 511 << 10, 512 << 10, 3 << 20])
    func `the file is stored under a name of the server's own`(size: Int) async throws {
        let content = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let form = try await read(
            form([
                .field("addToWorkspaces", "a,b"), .file(content, disposition: #"filename="../../etc/passwd""#),
                .field("metadata", #"{"title":"T"}"#),
            ]))
        #expect(try Data(contentsOf: URL(filePath: path(of: form))) == Data(content))
        #expect(form.file.sha256 == SHA256.hash(data: content).map { String(format: "%02x", $0) }.joined())
        #expect(form.file.byteCount == size)
        #expect(form.clientFileName == "passwd")
        #expect(form.addToWorkspaces == "a,b")
        #expect(form.metadata == .string(#"{"title":"T"}"#))
        #expect(spooled == [form.file.name.text])
        let name = try #require(spooled.first)
        #expect(name.wholeMatch(of: /upload-[0-9a-f]{32}/) != nil)
        let attributes = try FileManager.default.attributesOfItem(atPath: path(of: form))
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        await spool.remove(form.file.name)
        #expect(spooled == [])
    }

    @Test(arguments: [1, 2, 3, 7, 16, 1000])
    func `a form is the same wherever it is cut`(size: Int) async throws {
        let content = MultipartParserTests.nearBoundaries
        let form = try await read(form([.field("x", "y"), .file(content), .field("x", "z")]), every: size)
        #expect(try Data(contentsOf: URL(filePath: path(of: form))) == Data(content))
        #expect(form.fields.object == JSONObject(["x": ["y", "z"]]))
    }

    @Test(arguments: [
        #"filename="C:\x""#, "filename=\"%43%3A%5C\"", #"filename="CON""#, "filename=\"\u{FF0E}\u{FF0E}/x\"",
        "filename=\"a\u{202E}fdp.exe\"", "filename*=UTF-8''..%2F..%2Fx", #"filename="..""#, "filename=\"/\"",
        "filename=\"\(String(repeating: "x", count: 5000)).pdf\"", "x=y",
    ])
    func `no file name reaches the disk`(disposition: String) async throws {
        let form = try await read(form([.file([1, 2, 3], disposition: disposition)]))
        #expect(spooled == [form.file.name.text])
        #expect(directory.names == ["spool"])
        #expect(!form.clientFileName.contains("/") && !form.clientFileName.contains("\\"))
        #expect(!form.clientFileName.isEmpty && form.clientFileName.utf8.count <= 255)
    }

    @Test func `repeated and bracket fields keep their structure`() async throws {
        let form = try await read(
            form([
                .field("addToWorkspaces", "a"), .field("addToWorkspaces", "b"), .field("metadata[title]", "X\0\u{1B}"),
                .file([]),
            ]))
        #expect(form.addToWorkspaces == ["a", "b"])
        #expect(form.metadata == ["title": "X\0\u{1B}"])
    }

    @Test func `a second file or one under another name is unexpected`() async {
        await expectFailure(.unexpectedField, form([.file([1]), .file([2])]))
        await expectFailure(.unexpectedField, form([.file([1], name: "files")]))
        await expectFailure(.unexpectedField, form([.file([1]), .file([2], name: "other")]))
    }

    @Test func `a form without a file says so`() async {
        await expectFailure(.fileMissing, form([]))
        await expectFailure(.fileMissing, form([.field("file", "just text")]))
        await expectFailure(.fileMissing, form([.file([], disposition: #"filename="""#)]))
    }

    @Test func `a part without a name is refused, and the file before it deleted`() async {
        await expectFailure(.fieldNameMissing, form([.file([1]), FormPart("Content-Type: text/plain", "x")]))
        await expectFailure(.fieldNameMissing, form([.file([1]), .field("", "x")]))
    }

    @Test func `long text fields are refused, and the file before them deleted`() async throws {
        let megabyte = String(repeating: "x", count: 1 << 20)
        let longest = try await read(form([.field("a", megabyte), .file([])]))
        #expect(longest.fields["a"] == .string(megabyte))
        await spool.remove(longest.file.name)
        await expectFailure(.fieldTooLong, form([.file([1]), .field("a", megabyte + "x")]))
        await expectFailure(.fieldsTooLong, form([.file([1])] + (0..<8).map { .field("f\($0)", megabyte) }))
    }

    @Test func `many parts, a huge header and a missing end leave nothing behind`() async {
        let file = FormPart.file([UInt8](repeating: 7, count: 2 << 20))
        await expectFailure(.tooManyParts(limit: 1000), form([file] + (0..<10_000).map { .field("f\($0)", "") }))
        await expectFailure(
            .malformedPartHeader("it is longer than 16384 bytes"),
            form([file, FormPart("X: " + String(repeating: "x", count: 1 << 20), "")]))
        let whole = form([file], epilogue: "")
        await expectFailure(.unexpectedEnd, whole.dropLast(1))
        await expectFailure(.unexpectedEnd, whole.dropLast(1 << 20))
    }

    @Test func `a file over the limit is refused and deleted`() async throws {
        let content = [UInt8](repeating: 1, count: 2 << 20)
        let largest = try await read(form([.file(content)]), limit: 2 << 20)
        #expect(largest.file.byteCount == 2 << 20)
        await spool.remove(largest.file.name)
        await #expect {
            try await read(form([.file(content)]), limit: (2 << 20) - 1)
        } throws: { error in
            (error as? ServiceError)?.code == .tooLarge
        }
        #expect(spooled == [])
    }

    @Test func `an upload that the client breaks off leaves nothing behind`() async {
        struct HungUp: Error {}
        let half = form([.file([UInt8](repeating: 1, count: 3 << 20))]).dropLast(1 << 20)
        await #expect(throws: HungUp.self) { try await read(Array(half), failure: HungUp()) }
        #expect(spooled == [])
    }

    @Test func `an upload that is cancelled leaves nothing behind`() async {
        let bytes = form([.file([UInt8](repeating: 1, count: 3 << 20))])
        var body = Pieces(bytes, every: 64 << 10)
        body.beforePiece = { index in
            // Half of the file is on its way to the disk by now.
            if index == 24 { withUnsafeCurrentTask { $0?.cancel() } }
        }
        let pieces = body
        let upload = Task {
            try await UploadForm.read(
                body: pieces, contentType: contentType, spool: spool, limits: UploadLimits(maximumFileBytes: 10 << 20))
        }
        await #expect(throws: CancellationError.self) { try await upload.value }
        #expect(spooled == [])
    }
}
