import NIOCore
import Testing

@testable import HTTPAPI

@Suite struct MultipartParserTests {
    struct Part: Equatable {
        var header: PartHeader
        var body: [UInt8]
    }

    /// All parts of the form, with the promises about the order of events checked on the way.
    private func parts(
        of bytes: [UInt8], every size: Int = 1000, contentType type: String? = contentType
    ) async throws -> [Part] {
        var parser = try MultipartParser(Pieces(bytes, every: size), contentType: type)
        var parts: [Part] = []
        var isOpen = false
        while true {
            switch try await parser.next() {
            case .part(let header):
                #expect(!isOpen)
                isOpen = true
                parts.append(Part(header: header, body: []))
            case .body(let piece):
                #expect(isOpen && piece.readableBytes > 0)
                parts[parts.endIndex - 1].body += piece.readableBytesView
            case .partEnd:
                #expect(isOpen)
                isOpen = false
            case .end:
                #expect(!isOpen)
                #expect(try await parser.next() == .end)
                return parts
            }
        }
    }

    /// Line ends, hyphens and beginnings of the boundary in all the places where a careless search trips.
    static let nearBoundaries: [UInt8] = Array(
        """
        \r\n\r\r\n\r\n--\r\n-\r\n---\r\n--\(boundary.dropLast())\r\n--\(boundary)x\r\n--\(boundary)-x\
        \r\n--\(boundary) \t y\r\n--\(boundary)\r\r--\(boundary)\n--\(boundary)--\r\r\n--\(boundary.dropLast(3))\r\n
        """.utf8)

    @Test(arguments: [1, 2, 3, 7, 16, 1000])
    func `parts are the same wherever the body is cut`(size: Int) async throws {
        let bytes = form(
            [
                .field("note", "hello wörld"), .field("empty", ""), .file(Self.nearBoundaries),
                .file(Self.nearBoundaries + Self.nearBoundaries + [0, 0xFF, 0x0D]),
            ], preamble: "This is a form.\r\n--no boundary\r\n", padding: " \t",
            epilogue: " \r\nThe end.\r\n--\(boundary)")
        let parts = try await parts(of: bytes, every: size)
        #expect(parts.map(\.header.name) == ["note", "empty", "file", "file"])
        #expect(parts.map(\.header.fileName) == [nil, nil, "report.pdf", "report.pdf"])
        #expect(parts.map(\.header.mediaType) == [nil, nil, "application/pdf", "application/pdf"])
        #expect(parts[0].body == Array("hello wörld".utf8))
        #expect(parts[1].body == [])
        #expect(parts[2].body == Self.nearBoundaries)
        #expect(parts[3].body == Self.nearBoundaries + Self.nearBoundaries + [0, 0xFF, 0x0D])
    }

    @Test(arguments: [1, 5, 1000])
    func `a part without header lines or body is still a part`(size: Int) async throws {
        let bytes = Array("--\(boundary)\r\n\r\n--\(boundary)\r\n\r\nx\r\n--\(boundary)--".utf8)
        let parts = try await parts(of: bytes, every: size)
        #expect(parts.map(\.body) == [[], Array("x".utf8)])
        #expect(parts.map(\.header) == [PartHeader(name: nil), PartHeader(name: nil)])
    }

    @Test(arguments: [1, 1000])
    func `a form without parts is complete`(size: Int) async throws {
        #expect(try await parts(of: Array("--\(boundary)--\r\n".utf8), every: size).isEmpty)
    }

    @Test func `a body cut anywhere before its closing boundary is an error`() async throws {
        let bytes = form([.field("a", "1"), .file(Self.nearBoundaries)], epilogue: "")
        for length in 0..<bytes.count {
            await #expect(throws: MultipartError.unexpectedEnd) {
                try await parts(of: Array(bytes[..<length]), every: 16)
            }
        }
    }

    @Test(arguments: [
        "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=\"a\rb\"", "multipart/form-data; boundary=" + String(repeating: "x", count: 201),
    ])
    func `a content type without a usable boundary is refused`(type: String) async {
        await #expect(throws: MultipartError.boundaryNotFound) { try await parts(of: [], contentType: type) }
    }

    @Test(arguments: [nil, "", "application/json", "multipart/mixed; boundary=x", "multipart/form-dataX; boundary=x"])
    func `another content type is refused`(type: String?) async {
        await #expect(throws: MultipartError.notMultipart) { try await parts(of: [], contentType: type) }
    }

    @Test func `a quoted boundary and capital letters are understood`() async throws {
        let bytes = Array("--a b\r\nCONTENT-disposition: FORM-data; NAME=x\r\n\r\ny\r\n--a b--".utf8)
        let type = "Multipart/Form-Data; charset=utf-8; Boundary=\"a b\""
        let parts = try await parts(of: bytes, contentType: type)
        #expect(parts == [Part(header: PartHeader(name: "x"), body: Array("y".utf8))])
    }

    @Test(arguments: [1, 1000])
    func `more parts than allowed are refused`(size: Int) async throws {
        let fields = (0..<1000).map { FormPart.field("f\($0)", "") }
        #expect(try await parts(of: form(fields), every: 100).count == 1000)
        await #expect(throws: MultipartError.tooManyParts(limit: 1000)) {
            try await parts(of: form(fields + [.field("one more", "")]), every: size)
        }
    }

    @Test(arguments: [1, 1000, 100_000])
    func `a header block of more than 16 KiB is refused`(size: Int) async throws {
        func form(filler: Int) -> [UInt8] {
            Array("--\(boundary)\r\nX: \(String(repeating: "x", count: filler))\r\n\r\n\r\n--\(boundary)--".utf8)
        }
        #expect(try await parts(of: form(filler: 16_000), every: size).count == 1)
        await #expect(throws: MultipartError.malformedPartHeader("it is longer than 16384 bytes")) {
            try await parts(of: form(filler: 17_000), every: size)
        }
        let endless = Array("--\(boundary)\r\nX: ".utf8) + [UInt8](repeating: 0x78, count: 50_000)
        await #expect(throws: MultipartError.malformedPartHeader("it is longer than 16384 bytes")) {
            try await parts(of: endless, every: size)
        }
    }

    @Test func `data around the form is bounded`() async throws {
        let filler = String(repeating: "x", count: 70_000)
        await #expect(throws: MultipartError.unexpectedEnd) { try await parts(of: form([], preamble: filler)) }
        await #expect(throws: MultipartError.dataAfterEnd) { try await parts(of: form([], epilogue: filler)) }
    }

    @Test func `what the body throws comes through`() async throws {
        struct HungUp: Error {}
        let bytes = form([.field("a", "1")]).dropLast(20)
        var parser = try MultipartParser(Pieces(Array(bytes), every: 7, failure: HungUp()), contentType: contentType)
        await #expect(throws: HungUp.self) { while try await parser.next() != .end {} }
    }
}
