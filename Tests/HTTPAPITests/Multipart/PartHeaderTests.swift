import Testing

@testable import HTTPAPI

@Suite struct PartHeaderTests {
    private func header(_ lines: String) throws -> PartHeader { try PartHeader(block: Array(lines.utf8)[...]) }

    private func fileName(_ parameters: String) throws -> String? {
        try header("Content-Disposition: form-data; name=file; \(parameters)").fileName
    }

    @Test(arguments: [
        (#"filename="a.txt""#, "a.txt"), ("filename=a.txt", "a.txt"), (#"filename = "a.txt" "#, "a.txt"),
        (#"filename="a\"b\\c.txt""#, #"a"b\c.txt"#), (#"filename="C:\dir\a.txt""#, #"C:\dir\a.txt"#),
        (#"filename="a;b=c.txt"; x=y"#, "a;b=c.txt"), (#"FILENAME="A.TXT""#, "A.TXT"),
        ("filename=\"a%22b%0D%0Ac%25d%41.txt\"", "a\"b\r\nc%25d%41.txt"), ("filename=\"100%\"", "100%"),
        (#"filename="""#, ""), (#"filename="unclosed"#, "unclosed"), ("filename=\"日本語.pdf\"", "日本語.pdf"),
    ])
    func `file names are read as browsers write them`(parameters: String, expected: String) throws {
        #expect(try fileName(parameters) == expected)
    }

    @Test(arguments: [
        ("filename*=UTF-8''na%C3%AFve%20%e2%82%ac.txt; filename=\"naive.txt\"", "naïve €.txt"),
        ("filename=\"naive.txt\"; filename*=utf-8'en'na%C3%AFve.txt", "naïve.txt"),
        ("filename*=iso-8859-1'en'%A3%20rates; filename=x", "£ rates"),
        ("filename=\"plain.txt\"; filename*=UTF-8''broken%C3.txt", "plain.txt"),
        ("filename=\"plain.txt\"; filename*=UTF-8''broken%Z0.txt", "plain.txt"),
        ("filename=\"plain.txt\"; filename*=koi8-r''%C1.txt", "plain.txt"),
        ("filename=\"plain.txt\"; filename*=nonsense", "plain.txt"),
    ])
    func `an extended file name wins where it can be read`(parameters: String, expected: String) throws {
        #expect(try fileName(parameters) == expected)
    }

    @Test func `bytes that are not UTF-8 are read as latin1`() throws {
        let bytes =
            Array("Content-Disposition: form-data; name=\"gr".utf8) + [0xFC] + Array("n\"; filename=\"".utf8)
            // An overlong slash, which must not become one.
            + [0xC0, 0xAF, 0x61] + Array("\"".utf8)
        let header = try PartHeader(block: bytes[...])
        #expect(header.name == "grün")
        #expect(header.fileName == "À¯a")
    }

    @Test func `continued lines, unknown fields and colons in values are understood`() throws {
        let header = try header(
            "X-Other: a:b\r\nContent-Disposition: form-data;\r\n name=\"field\"\r\nContent-Type: Text/Plain; charset=x")
        #expect(header == PartHeader(name: "field", mediaType: "text/plain"))
    }

    @Test(arguments: ["no colon", ": no name", " continued: first", "Content-Disposition: attachment; name=a"])
    func `a malformed header block is refused`(lines: String) {
        #expect {
            try header(lines)
        } throws: { error in
            if case MultipartError.malformedPartHeader = error { true } else { false }
        }
    }

    @Test func `errors are worded as clients know them`() {
        #expect(MultipartError.unexpectedEnd.description == "Unexpected end of form")
        #expect(MultipartError.boundaryNotFound.description == "Multipart: Boundary not found")
        #expect(MultipartError.fieldTooLong.description == "Field value too long")
        #expect(MultipartError.fieldNameMissing.description == "Field name missing")
        #expect(MultipartError.unexpectedField.description == "Unexpected field")
        #expect(MultipartError.malformedPartHeader("x").description == "Malformed part header: x")
    }
}
