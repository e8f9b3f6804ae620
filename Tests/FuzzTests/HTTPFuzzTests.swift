import Domain
import NIOCore
import TestSupport
import Testing

@testable import HTTPAPI

extension FuzzTests {
    private static let boundary = "----WebKitFormBoundary7MA4"

    @Test func multipart() async {
        let form = """
            --\(Self.boundary)\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\
            Content-Type: text/plain\r\n\r\nSome text.\r\n--\(Self.boundary)\r\n\
            Content-Disposition: form-data; name="metadata[title]"; filename*=UTF-8''%e2%82%ac.txt\r\n\r\nT\r\n\
            --\(Self.boundary)--\r\n
            """
        let fuzzer = Fuzzer(
            "multipart", seeds: [form, "preamble\r\n" + form + "epilogue"],
            dictionary: [
                "\r\n--\(Self.boundary)", "\r\n--\(Self.boundary)--", "--\(Self.boundary)\r\n", "\r\n\r\n", "\r\n ",
                "name=",
                "filename*=", "Content-Disposition: form-data;", "=\"", "[", "]",
            ])
        await fuzzer.run { input, random in
            let whole = await Self.parts(of: input, every: max(1, input.count))
            let cut = await Self.parts(of: input, every: Int.random(in: 1...40, using: &random))
            #expect(whole == cut)
            return whole != nil
        }
    }

    @Test func `form fields`() async {
        let fuzzer = Fuzzer(
            "form-fields", seeds: ["metadata[title]", "a[b][c][]", "metadata", "[a]", "a]b["],
            dictionary: ["[", "]", "[]", "[a]", "metadata"])
        await fuzzer.run { input, random in
            var fields = FormFields()
            for name in input.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).prefix(64) {
                fields.append("{\"x\":\(random.next() % 100)}", to: String(decoding: name, as: UTF8.self))
            }
            return fields != FormFields()
        }
    }

    @Test func headers() async {
        let fuzzer = Fuzzer(
            "headers",
            seeds: [
                "Content-Disposition: form-data; name=\"file\"; filename=\"r\\\"%22.pdf\"",
                "Content-Disposition: form-data; name=a; filename*=UTF-8'en'%e2%82%ac%20rates.txt\r\nContent-Type: text/html;charset=x",
                "Content-Disposition: form-data;\r\n name=\"folded\"", "multipart/form-data; boundary=\"a b\"",
            ],
            dictionary: ["\r\n", "\r\n ", ";", "=", "\"", "\\", "filename*=", "''", "%", "boundary=", "UTF-8'"])
        await fuzzer.run { input, _ in
            let text = String(decoding: input, as: UTF8.self)
            let parameters = FieldParameters(input)
            _ = parameters["filename"].map(FieldParameters.text)
            _ = try? MultipartBoundary(contentType: text)
            let header = try PartHeader(block: input[...])
            let name = ClientFileName.sanitized(header.fileName ?? text)
            #expect(!name.isEmpty && !name.utf8.contains(0) && !name.contains("/"))
            _ = ContentDisposition.attachment(named: name, plainName: "export")
            return true
        }
    }

    @Test func `percent encoding`() async {
        let fuzzer = Fuzzer(
            "percent-encoding", seeds: ["a%20b%C3%A9?c=%2F", "plain", "%E2%82%AC%00"],
            dictionary: ["%2", "%%", "%zz", "%C3"])
        await fuzzer.run { input, _ in
            guard let decoded = String(decoding: input, as: UTF8.self).percentDecoded else { return false }
            let encoded = decoded.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            // Compared as bytes: texts that are only canonically equivalent are equal as strings.
            #expect(encoded.percentDecoded.map { Array($0.utf8) } == Array(decoded.utf8))
            return true
        }
    }

    private static func parts(of bytes: [UInt8], every size: Int) async -> [[UInt8]]? {
        do {
            var parser = try MultipartParser(
                BodyPieces(bytes: bytes, size: size), contentType: "multipart/form-data; boundary=\(boundary)")
            var bodies: [[UInt8]] = []
            while true {
                switch try await parser.next() {
                case .part: bodies.append([])
                case .body(let piece): bodies[bodies.endIndex - 1] += piece.readableBytesView
                case .partEnd: break
                case .end: return bodies
                }
            }
        } catch { return nil }
    }
}

/// A body that arrives in pieces of one size.
private struct BodyPieces: AsyncSequence, AsyncIteratorProtocol {
    let bytes: [UInt8]
    let size: Int
    var offset = 0

    func makeAsyncIterator() -> BodyPieces { self }

    mutating func next() async -> ByteBuffer? {
        guard offset < bytes.count else { return nil }
        defer { offset += size }
        return ByteBuffer(bytes: bytes[offset..<Swift.min(offset + size, bytes.count)])
    }
}
