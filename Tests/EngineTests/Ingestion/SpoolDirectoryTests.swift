import Crypto
import Domain
import Foundation
import Testing

@testable import Engine

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
        let left = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        #expect(Set(left) == ["notes", "upload-notes", kept.text])
    }

    @Test func `a full disk is said in words`() async throws {
        let descriptor = open("/dev/full", O_WRONLY | O_CLOEXEC)
        try #require(descriptor >= 0, "this system has no /dev/full")
        let file = SpoolFile(name: .random(), descriptor: descriptor)
        let error = await #expect(throws: ServiceError.self) { try await file.write([1]) }
        await file.close()
        #expect(error?.code == .unavailable)
        #expect(error?.message == "There is no space left in the storage directory.")
    }

    @Test func `a spool directory that has gone is an error`() async throws {
        let directory = try TemporaryDirectory()
        let spool = try SpoolDirectory(path: directory.path + "/spool")
        try FileManager.default.removeItem(atPath: spool.path)
        let error = await #expect(throws: ServiceError.self) {
            _ = try await spool.makeWriter(maximumBytes: 10)
        }
        #expect(error?.code == .unavailable)
    }

    @Test(arguments: [0, 1, 512 << 10, (1 << 20) + 7])
    func `what is written is read again, and is gone when it is removed`(size: Int) async throws {
        let directory = try TemporaryDirectory()
        let spool = try SpoolDirectory(path: directory.path + "/spool")
        let content = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let writer = try await spool.makeWriter(maximumBytes: size)
        try await writer.append(content)
        let file = try await writer.finish()
        #expect(file.byteCount == size)
        #expect(file.sha256 == Array(SHA256.hash(data: content)).hexadecimal)
        #expect(try await spool.content(of: file.name) == content)
        await spool.remove(file.name)
        let error = await #expect(throws: ServiceError.self) { try await spool.content(of: file.name) }
        #expect(error?.code == .notFound)
    }
}
