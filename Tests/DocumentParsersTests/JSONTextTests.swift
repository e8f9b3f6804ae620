import Domain
import Testing

@testable import DocumentParsers

@Suite struct JSONTextTests {
    private func read(_ text: String, as name: String = "a.json") async throws -> ParsedDocument {
        try await Fixture.read(Array(text.utf8), as: name)
    }

    @Test(arguments: [
        (#"[{"a":1},{"a":2},{"a":3}]"#, [#"{"a":1},"#, #"{"a":2},"#, #"{"a":3}]"#]),
        ("[\n  {\"a\": 1},\n  {\"a\": 2}\n]\n", ["{\"a\": 1},\n  ", "{\"a\": 2}\n]\n"]),
        (#"{"n":2,"people":[{"a":"ö"},{"a":[{"b":1},{"b":2}]}]}"#, [#"{"a":"ö"},"#, #"{"a":[{"b":1},{"b":2}]}]}"#]),
        (#"{"k1":{"a":1},"k2":{"a":2},"k3":{}}"#, [#""k1":{"a":1},"#, #""k2":{"a":2},"#, #""k3":{}}"#]),
        (#"[["a",1],["b",2]]"#, [#"["a",1],"#, #"["b",2]]"#]),
        ("{\"a\":1}\n{\"a\":2}\n\n{\"a\":3}\n", ["{\"a\":1}\n", "{\"a\":2}\n\n", "{\"a\":3}\n"]),
        (#"[{"features":[{"a":1},{"a":2}]}]"#, [#"{"a":1},"#, #"{"a":2}]}]"#]),
    ])
    func `what JSON lists are records`(text: String, records: [String]) async throws {
        let document = try await read("\u{FEFF}" + text)
        #expect(document.text == text)
        #expect(document.divisions?.unit == .record)
        #expect(document.pages == records)
    }

    @Test(arguments: ["{\"a\": 1, \"b\": [1, 2, 3]}", "[]", "3", "\"text\"", "{\"a\":{\"b\":1}}"])
    func `what lists nothing has no records`(text: String) async throws {
        let document = try await read(text)
        #expect(document.text == text)
        #expect(document.divisions == nil)
    }

    @Test func `escapes become the letters that they mean where the text stays JSON`() async throws {
        let document = try await read(
            #"[{"a":"K\u00f6ln-S\u00FCd \ud83d\ude00 a\/b"},{"a":"\u0022 \\ \n \u0000 \ud800 \u00ad"}]"#)
        #expect(document.text == #"[{"a":"Köln-Süd 😀 a/b"},{"a":"\u0022 \\ \n \u0000 \ud800 "}]"#)
        #expect(document.pages.last == #"{"a":"\u0022 \\ \n \u0000 \ud800 "}]"#)
    }

    @Test(arguments: [
        #"{"a":1,}"#, "[1 2]", "{\"a\" 1}", "{a: 1}", "[\"x]", "plain words", "[1,2", "{\"a\":1}}", #"["\x"]"#, "[,1]",
        #"{"a":1} {"b":2}"#, "nul",
    ])
    func `what is no JSON is still text`(text: String) async throws {
        let document = try await read(text)
        #expect(document.text == text)
        #expect(document.divisions == nil)
    }

    @Test func `damaged JSON Lines are records by their lines`() async throws {
        let document = try await read("{\"a\":1}\n{\"a\":\n\n{\"a\":3}", as: "a.jsonl")
        #expect(document.pages == ["{\"a\":1}\n", "{\"a\":\n\n", "{\"a\":3}"])
    }

    @Test func `nesting without end is text`() async throws {
        let deep = String(repeating: "[", count: 1_000_000)
        #expect(try await read(deep).divisions == nil)
        let closed = String(repeating: "[", count: 900) + String(repeating: "]", count: 900)
        #expect(try await read(closed).text == closed)
    }
}
