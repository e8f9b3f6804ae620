import Domain
import Synchronization
import TestSupport
import Testing

@testable import DocumentParsers

/// How far the reading of a file is, from the parsers to whoever waits.
@Suite(.timeLimit(.minutes(2))) struct ParseProgressTests {
    private final class Reports: Sendable {
        private let all = Mutex<[ParseProgress]>([])
        var list: [ParseProgress] { all.withLock { $0 } }
        func add(_ report: ParseProgress) { all.withLock { $0.append(report) } }
    }

    @Test(arguments: [
        ("pages.pdf", 3), ("scanned.pdf", 1), ("tour.pptx", 2), ("book-3.epub", 2), ("harbour.mbox", 3),
        ("orders.xlsx", 2),
    ])
    func `parsers count what they read, up to the end`(name: String, least: Int) throws {
        let reports = Reports()
        let limits = ParseLimits()
        _ = try DocumentDispatcher().read(
            path: Fixture.path(name), fileName: name, limits: limits, progress: reports.add)
        let list = reports.list
        let last = try #require(list.last)
        #expect(last.done == last.total && last.total >= least)
        #expect(list.allSatisfy { $0.total == last.total })
        #expect(list.map(\.done) == list.map(\.done).sorted())
    }

    @Test func `pages that are pictures count once they have been recognised`() throws {
        let reports = Reports()
        _ = try DocumentDispatcher().read(
            path: Fixture.path("scanned.pdf"), fileName: "a.pdf", limits: ParseLimits(), progress: reports.add)
        let counts = reports.list.map(\.done)
        #expect(counts.first == 0 && Set(counts).count > 1)
    }

    @Test func `the child tells while it reads, and its last word is the reply`() async throws {
        let reader = SandboxedDocumentReader(command: [try ServerBinary.path(), "parse-document"])
        let reports = Reports()
        let path = try Fixture.path("scanned.pdf")
        let documents = try await reader.read(path: path, fileName: "a.pdf", address: nil) { reports.add($0) }
        #expect(documents == (try Fixture.readAll("scanned.pdf")))
        #expect(reports.list.first?.total == documents.first?.divisions?.starts.count)
    }

    @Test func `of reports that nobody takes in time the last one arrives`() async throws {
        let reports = Reports()
        let value = try await relaying(to: { reports.add($0) }) { report in
            for number in 1...1000 { report(ParseProgress(done: number, total: 1000)) }
            return 7
        }
        #expect(value == 7 && reports.list.last == ParseProgress(done: 1000, total: 1000))
    }

    // MARK: What a child writes

    private func read(
        _ text: String, inPiecesOf size: Int, limit: Int = 1 << 20
    ) -> (reports: [ParseProgress], reply: String, isWhole: Bool) {
        var output = ParseOutput(byteLimit: limit)
        var reports: [ParseProgress] = []
        let bytes = Array(text.utf8)
        var isWhole = true
        for start in stride(from: 0, to: bytes.count, by: size) where isWhole {
            isWhole = output.receive(bytes[start..<min(bytes.count, start + size)]) { reports.append($0) }
        }
        return (reports, String(decoding: output.reply, as: UTF8.self), isWhole)
    }

    @Test(arguments: [1, 2, 7, 1000]) func `reports and reply are told apart however they are cut`(size: Int) {
        let reply = #"{"documents":"\#(String(repeating: "word ", count: 200))"}"#
        let text = "{\"done\":1,\"total\":9}\n{\"done\":2,\"total\":9}\n" + reply
        let read = read(text, inPiecesOf: size)
        #expect(read.reports == [ParseProgress(done: 1, total: 9), ParseProgress(done: 2, total: 9)])
        #expect(read.reply == reply)
    }

    @Test func `what a parser that has been taken over writes does no harm`() {
        let lies = ["{\"done\":-1,\"total\":9}", "{\"done\":10,\"total\":9}", "{\"done\":0,\"total\":9e99}", "x", ""]
        let read = read(lies.joined(separator: "\n") + "\n{}", inPiecesOf: 5)
        #expect(read.reports.isEmpty && read.reply == "{}")
        #expect(!self.read(String(repeating: "\n", count: 2000), inPiecesOf: 100, limit: 1000).isWhole)
    }
}
