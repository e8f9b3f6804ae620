import Domain
import OrderedJSON
import Testing

@Suite struct JSONLimitsTests {
    @Test func `a text with too many values is refused before they fill the memory`() {
        let text = "[" + String(repeating: "0,", count: 1000) + "0]"
        #expect(throws: Never.self) { try JSON(parsing: text.utf8, limits: JSONLimits(values: 1002)) }
        #expect(throws: JSONParseError.self) { try JSON(parsing: text.utf8, limits: JSONLimits(values: 1001)) }
    }

    @Test func `keys that only look alike are two keys`() throws {
        let composed = "\u{E9}"
        let decomposed = "e\u{301}"
        let json = try JSON(
            parsing: "{\"\(composed)\":1,\"\(decomposed)\":2}".utf8, allowsDuplicateKeys: false)
        #expect(json[composed] == 1)
        #expect(json[decomposed] == 2)
        #expect(json != [composed: 2, decomposed: 1])
        #expect(json.text.utf8.count == 8 + 1 + 7)
    }

    @Test func `a key that occurs twice is found among many`() {
        let members = (0..<100).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
        #expect(throws: Never.self) { try JSON(parsing: "{\(members)}".utf8, allowsDuplicateKeys: false) }
        #expect(throws: JSONParseError.self) {
            try JSON(parsing: "{\(members),\"k7\":0}".utf8, allowsDuplicateKeys: false)
        }
    }
}
