import Domain
import Foundation
import Glibc
import TestSupport
import Testing

@testable import DocumentParsers

@Suite(.timeLimit(.minutes(2))) struct SandboxTests {
    private func limits(seconds: Int = 60) -> ParseLimits {
        var limits = ParseLimits()
        limits.maximumSeconds = seconds
        return limits
    }

    /// A reader whose child is this shell script; arguments are `$1` and so on.
    private func reader(script: String, _ arguments: String..., limits: ParseLimits) -> SandboxedDocumentReader {
        SandboxedDocumentReader(command: ["/bin/sh", "-c", script, "sh"] + arguments, limits: limits)
    }

    @Test(arguments: ["pages.pdf", "manual.docx"])
    func `the child reads what the parsers read`(name: String) async throws {
        let reader = SandboxedDocumentReader(command: [try ServerBinary.path(), "parse-document"])
        let documents = try await reader.read(path: Fixture.path(name), fileName: "--help/\(name)")
        let expected = try Fixture.read(name)
        #expect(documents == [expected])
    }

    @Test func `a process that has spent more than a tool may starts the tool and goes on`() async {
        while clock() < 2 * CLOCKS_PER_SEC {}
        // The kernel looks at the limit as the time goes on.
        for number in 0..<5 as Range<Int32> {
            let result = ProcessorTime.limited(to: 1) {
                let end = clock() + CLOCKS_PER_SEC / 10
                while clock() < end {}
                return number
            }
            #expect(result == number)
        }
    }

    @Test(arguments: [
        ("user-password.pdf", ParseError.encrypted), ("encrypted.docx", .encrypted), ("blank.pdf", .empty),
        ("truncated.pdf", .corrupt("it is damaged or not a PDF file")),
    ])
    func `the child's reasons come back`(name: String, error: ParseError) async throws {
        let reader = SandboxedDocumentReader(command: [try ServerBinary.path(), "parse-document"])
        await #expect(throws: error) { try await reader.read(path: Fixture.path(name), fileName: name) }
    }

    @Test(arguments: [
        "plan.eml", "harbour.mbox", "ferry.odt", "lighthouse.odp", "trips.ods", "ferry.rtf", "book-3.epub",
    ])
    func `the child reads all that a file holds, with tools also what lies within it`(name: String) async throws {
        let reader = SandboxedDocumentReader(command: [try ServerBinary.path(), "parse-document"])
        let path = try Fixture.path(name)
        let documents = try await reader.read(path: path, fileName: name)
        #expect(documents == (try DocumentDispatcher().read(path: path, fileName: name, limits: ParseLimits())))
        #expect(documents.allSatisfy { $0.warnings.filter { !$0.contains("log.gz") }.isEmpty })
    }

    private func read(
        _ bytes: [UInt8], as fileName: String, with reader: SandboxedDocumentReader
    ) async throws -> ParsedDocument? {
        try await Fixture.withFile(bytes) { try await reader.read(path: $0, fileName: fileName).first }
    }

    @Test func `legacy encodings and HTML go through the child`() async throws {
        let reader = SandboxedDocumentReader(command: [try ServerBinary.path(), "parse-document"])
        let page = try await read(Array("<h1>T</h1><p>Text".utf8), as: "a.html", with: reader)
        #expect(page?.text == "# T\n\nText")
        let linked = try await Fixture.withFile(Array("<p><a href='b'>c".utf8)) { path in
            try await reader.read(path: path, fileName: "a.html", address: LinkAddress("https://a.org/x/"))
        }
        #expect(linked.first?.text == "[c](https://a.org/x/b)")
        let text = "Déjà vu, l'été à la plage, où çà?"
        let latin = try #require(text.data(using: .isoLatin1))
        #expect(try await read(Array(latin), as: "a.txt", with: reader)?.text == text)
    }

    @Test func `Unicode text needs no child`() async throws {
        let reader = SandboxedDocumentReader(command: ["/nonexistent"])
        #expect(try await read(Array("# Title\n".utf8), as: "a.md", with: reader)?.title == "Title")
    }

    @Test func `a child that crashes fails its document only`() async throws {
        let crashing = reader(script: "kill -SEGV $$", limits: limits())
        await #expect(throws: ParseError.corrupt("it could not be read: its content made the parser fail")) {
            try await crashing.read(path: Fixture.path("pages.pdf"), fileName: "a.pdf")
        }
    }

    @Test func `a child that cannot be started is no fault of the document`() async throws {
        let reader = SandboxedDocumentReader(command: ["/nonexistent/lectern"])
        await #expect(throws: ParseError.toolMissing("/nonexistent/lectern")) {
            try await reader.read(path: Fixture.path("pages.pdf"), fileName: "a.pdf")
        }
    }

    @Test func `a child that writes without end is stopped`() async throws {
        var small = limits()
        small.maximumTextBytes = 1 << 20
        let endless = reader(script: "exec cat /dev/zero", limits: small)
        await #expect(throws: ParseError.tooLarge("it has more than 1 MiB of text")) {
            try await endless.read(path: Fixture.path("pages.pdf"), fileName: "a.pdf")
        }
    }

    @Test func `a child that uses its processor time up is stopped`() async throws {
        let busy = reader(script: "kill -XCPU $$", limits: limits())
        let words = "reading it takes more than 5 seconds of processor time"
        await #expect(throws: ParseError.tooLarge(words)) {
            try await busy.read(path: Fixture.path("scanned.pdf"), fileName: "a.pdf")
        }
    }

    @Test func `after the time limit nothing of the child is left`() async throws {
        let fifo = try Fifo()
        let sleeping = reader(script: Self.sleepers, fifo.path, limits: limits(seconds: 1))
        async let end: Void = fifo.waitForEnd {}
        await #expect(throws: ParseError.tooLarge("reading it takes longer than 1 seconds")) {
            try await sleeping.read(path: Fixture.path("pages.pdf"), fileName: "a.pdf")
        }
        await end
    }

    @Test func `after a cancellation nothing of the child is left`() async throws {
        let fifo = try Fifo()
        let sleeping = reader(script: Self.sleepers, fifo.path, limits: limits())
        let path = try Fixture.path("pages.pdf")
        let reading = Task { try await sleeping.read(path: path, fileName: "a.pdf") }
        await fifo.waitForEnd { reading.cancel() }
        await #expect(throws: CancellationError.self) { try await reading.value }
    }

    @Test func `a tool that outlives its crashed child is ended too`() async throws {
        let fifo = try Fifo()
        let script = "exec 3>\"$1\"; sleep 600 >/dev/null & kill -KILL $$"
        let crashing = reader(script: script, fifo.path, limits: limits())
        async let end: Void = fifo.waitForEnd {}
        await #expect(throws: ParseError.self) {
            try await crashing.read(path: Fixture.path("pages.pdf"), fileName: "a.pdf")
        }
        await end
    }

    /// A child with two children of its own; all three hold the named pipe open for writing.
    private static let sleepers = "exec 3>\"$1\"; sleep 600 & sleep 600 & wait"
}

/// A named pipe whose end of file tells that every process which had opened it for writing is gone.
private final class Fifo: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("lectern-\(UUID()).fifo").path
        try #require(mkfifo(path, 0o600) == 0)
    }

    deinit { unlink(path) }

    /// Calls `opened` once the first process has opened the pipe, and returns when the last has closed it.
    func waitForEnd(_ opened: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { [path] in
                let descriptor = open(path, O_RDONLY)
                opened()
                var byte: UInt8 = 0
                while read(descriptor, &byte, 1) > 0 {}
                close(descriptor)
                continuation.resume()
            }
        }
    }
}
