import Domain
import Foundation
import TestSupport
import Testing

@testable import DocumentParsers

/// Attack row A46: small files that ask for much, each read by the child as a server does. None takes it beyond its limits;
/// what of them is a text is read.
@Suite(.timeLimit(.minutes(10))) struct MultiplicationTests {
    private func outcome(of bytes: [UInt8], as name: String) async throws -> Result<Int, ParseError> {
        let reader = SandboxedDocumentReader(command: [try ServerBinary.path(), "parse-document"])
        return try await Fixture.withFile(bytes) { path in
            do {
                return .success(try await reader.read(path: path, fileName: name).reduce(0) { $0 + $1.text.utf8.count })
            } catch let error as ParseError { return .failure(error) }
        }
    }

    private static func little(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    private static func wave(rate: UInt32) -> [UInt8] {
        let samples = [UInt8](repeating: 0, count: 4000)
        return Array("RIFF".utf8) + little(UInt32(samples.count + 36)) + Array("WAVEfmt ".utf8) + little(16)
            + [1, 0, 1, 0] + little(rate) + little(rate &* 2) + [2, 0, 16, 0] + Array("data".utf8)
            + little(UInt32(samples.count)) + samples
    }

    private static let pages = """
        %PDF-1.4
        1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
        2 0 obj<</Type/Pages/Count 1000000/Kids[2 0 R 2 0 R 3 0 R]>>endobj
        3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 3 0 R>>endobj
        trailer<</Root 1 0 R/Prev 0/Size 4>>
        startxref
        0
        %%EOF
        """

    @Test(arguments: [
        ("a.json", "[", 500_000), ("b.json", #"{"a":"#, 250_000), ("a.xml", "<a>", 250_000),
        ("a.html", "<table><tr><td>", 150_000), ("a.rtf", "{\\rtf1", 250_000),
        ("b.rtf", "{\\rtf1 \\trowd\\intbl\\cell", 50_000),
        ("a.eml", "Content-Type: multipart/mixed; boundary=b\n\n--b\n", 25_000),
        ("b.eml", "Content-Type: message/rfc822\n\n", 25_000), ("a.mbox", "From a 07:08\nA: b\n\nx\n\n", 100_000),
        ("a.csv", ",", 1_500_000), ("b.csv", "\"", 1_500_001), ("a.tsv", "\t\n", 500_000), ("a.md", "> ", 500_000),
        ("b.md", "[", 500_000), ("a.rst", "=\n", 500_000), ("a.adoc", "= a\n", 150_000), ("a.org", "* ", 500_000),
        ("a.txt", "-\n", 500_000), ("a.jsonl", "{}\n", 250_000), ("a.geojson", #"{"features":["#, 100_000),
    ])
    func `what nests or repeats itself without end ends within the limits`(name: String, text: String, times: Int)
        async throws
    {
        let head = name.hasSuffix(".eml") ? "Subject: s\n" : ""
        let bytes = Array((head + String(repeating: text, count: times)).utf8)
        switch try await outcome(of: bytes, as: name) {
        case .success(let length): #expect(length <= 2 * bytes.count + 100)
        case .failure(.empty), .failure(.tooLarge), .failure(.corrupt): break
        case .failure(let error): Issue.record("\(error)")
        }
    }

    @Test func `a PDF file that counts on itself is read or refused`() async throws {
        switch try await outcome(of: Array(Self.pages.utf8), as: "a.pdf") {
        case .success(let length): #expect(length < 1000)
        case .failure(let error): #expect([.empty, .corrupt("it is damaged or not a PDF file")].contains(error))
        }
    }

    @Test(arguments: [1, 7, 4_000_000_000] as [UInt32])
    func `sound of a rate that nobody hears is no longer than it says, or refused`(rate: UInt32) async throws {
        let decoder = SandboxedRecordingDecoder(command: [try ServerBinary.path(), "decode-recording"])
        let length = Observed(0)
        try await Fixture.withFile(Self.wave(rate: rate)) { path in
            do {
                try await decoder.decode(path: path) { piece in length.change { $0 += piece.count } }
            } catch is ParseError {}
        }
        // 2000 samples, of 16 bits at 16,000 Hz when they are decoded.
        #expect(length.value <= 2000 / Int(rate) * 32_000 + 100_000)
    }
}
