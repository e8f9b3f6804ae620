import Domain
import Foundation
import NIOCore
import Testing

@testable import HTTPAPI

@Suite struct SpoolDirectoryTests {
    @Test func `it is made for this user alone, and may be there already`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/spool"
        _ = try SpoolDirectory(path: path)
        _ = try SpoolDirectory(path: path)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o700)
    }

    @Test func `a place where it cannot be is an error without a path in it`() throws {
        let directory = try TemporaryDirectory()
        let error = #expect(throws: ServiceError.self) { try SpoolDirectory(path: directory.path + "/none/spool") }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains(directory.path) == false)
    }

    @Test func `what a crash left is removed, and nothing else`() throws {
        let directory = try TemporaryDirectory()
        let spool = try SpoolDirectory(path: directory.path)
        let kept = SpoolFileName.random()
        let names = [SpoolFileName.random().text, kept.text, SpoolFileName.random().text, "upload-notes", "notes"]
        for name in names { try Data("x".utf8).write(to: URL(filePath: "\(directory.path)/\(name)")) }
        #expect(spool.removeLeftovers(keeping: [kept]) == 2)
        #expect(Set(directory.names) == ["notes", "upload-notes", kept.text])
    }

    @Test func `a full disk is said in words`() async throws {
        let descriptor = open("/dev/full", O_WRONLY | O_CLOEXEC)
        try #require(descriptor >= 0, "this system has no /dev/full")
        let file = SpoolFile(path: "/dev/full", name: .random(), descriptor: descriptor)
        let error = await #expect(throws: ServiceError.self) { try await file.write(ByteBuffer(string: "x")) }
        await file.close()
        #expect(error?.code == .unavailable)
        #expect(error?.message == "There is no space left in the storage directory.")
    }

    @Test func `a spool directory that has gone is an error`() async throws {
        let directory = try TemporaryDirectory()
        let spool = try SpoolDirectory(path: directory.path + "/spool")
        try FileManager.default.removeItem(atPath: spool.path)
        let error = await #expect(throws: ServiceError.self) {
            try await UploadForm.read(
                body: Pieces(form([.file([1])]), every: 10), contentType: contentType, spool: spool,
                limits: UploadLimits(maximumFileBytes: 10))
        }
        #expect(error?.code == .unavailable)
    }
}
