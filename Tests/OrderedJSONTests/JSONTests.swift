import Domain
import OrderedJSON
import Testing

@Suite struct JSONTests {
    @Test func `what has to be escaped is escaped, and nothing else`() throws {
        let expected = [
            ("a\"b\\c/d", #""a\"b\\c/d""#), ("\n\r\t\u{8}\u{c}", #""\n\r\t\b\f""#), ("\u{0}\u{1f}", #""\u0000\u001f""#),
            ("é👩‍👩‍👧\u{7f}\u{2028}", "\"é👩‍👩‍👧\u{7f}\u{2028}\""), ("", #""""#),
        ]
        for (string, text) in expected {
            #expect(JSON.string(string).text == text)
            #expect(try JSON(parsing: text) == .string(string))
        }
    }

    @Test func `every character comes back`() throws {
        let all = String(String.UnicodeScalarView((0...0x2_FFFF).compactMap { Unicode.Scalar($0 as UInt32) }))
        #expect(try JSON(parsing: JSON.string(all).text) == .string(all))
        // Strings are equal where they are only canonically so.
        let read = try JSON(parsing: JSON.string(all).text).stringValue
        #expect(read.map { Array($0.utf8) } == Array(all.utf8))
    }

    @Test(arguments: [
        ("1.0", "1"), ("-0.5", "-0.5"), ("9223372036854775807", "9223372036854775807"), ("1e2", "100"),
        (#"{"b":1,"a":[true,false,null,{}]}"#, #"{"b":1,"a":[true,false,null,{}]}"#), (#"{"a":1,"a":2}"#, #"{"a":2}"#),
        (#""\ud83d\ude00\u0041""#, "\"😀A\""),
    ])
    func `values keep their order and their meaning`(text: String, written: String) throws {
        #expect(try JSON(parsing: text).text == written)
    }

    @Test(arguments: [
        "", " ", "{", "[1,]", "{\"a\":}", "{a:1}", "01", "1.", "+1", "nul", "\"\\x\"", "\"\\ud83d\"", "\"\\ude00\"",
        "\"\n\"",
        "[1] 2", "NaN", "\u{feff}1", "'a'",
    ])
    func `what is no JSON is refused`(text: String) {
        #expect(throws: JSONParseError.self) { try JSON(parsing: text) }
    }

    @Test func `nesting has an end, and bytes that are no text are refused`() {
        let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        #expect(throws: JSONParseError.self) { try JSON(parsing: deep) }
        #expect(throws: JSONParseError.self) { try JSON(parsing: [0x22, 0xFF, 0x22] as [UInt8]) }
    }

    @Test func `numbers that JSON does not have are null`() {
        #expect(JSON.array([.number(.nan), .number(.infinity), .number(0.1)]).text == "[null,null,0.1]")
    }
}
