import Domain
import OrderedJSON
import Testing

@testable import HTTPAPI

@Suite struct DocumentMetadataTests {
    @Test(arguments: [
        #"{"title":"T","year":1871,"open":true}"#, #"{title:'T',year:1871,open:true}"#,
        #"{"title":"T","year":1871,"open":true,}"#, #"metadata = {title: "T", /* built */ year: 1871, open: true};"#,
    ])
    func `metadata is read as a person would`(text: String) {
        let metadata = DocumentMetadata(.string(text))
        #expect(metadata.title == "T")
        #expect(metadata.attributes == [Attribute("year", .integer(1871)), Attribute("open", .bool(true))])
    }

    @Test func `names without quotation marks, single ones, comments and missing commas are understood`() {
        let text = """
            {'title': 'It\\'s', docAuthor: Ada Lovelace // of London
             description: "a\\u00e9\\x41\\ud83d\\ude00", /* none */ tags: [1, {'}': 2}], half: .5, hex: 0xfF, neg: -0x10,
             plus: +3, python: True, none: None, docSource: https://example.org/a
            """
        let metadata = DocumentMetadata(.string(text))
        #expect(metadata.title == "It's" && metadata.author == "Ada Lovelace")
        #expect(metadata.description == "aéA😀" && metadata.source == "https://example.org/a")
        #expect(JSONObject(metadata.attributes) == ["half": 0.5, "hex": 255, "neg": -16, "plus": 3.0, "python": true])
    }

    /// Foundation's JSON5 reader ended the process on the first of these.
    @Test(arguments: ["0x0x7fF", "0x", "0x-1", "1e999", "--1", "0xFFFFFFFFFFFFFFFFFF", ".", "+", "1.2.3", "٣"])
    func `what looks like a number and is none stays text`(word: String) {
        let metadata = DocumentMetadata(.string("{title:1,h:\(word)}"))
        #expect(metadata.title == "1" && metadata.attributes == [Attribute("h", .text(word))])
    }

    @Test(arguments: ["", "null", "[1]", "{", "}{", "{title", "{title:}", "{'a':[1],'b':{'c':1}}", "title: T"])
    func `what is no metadata says nothing`(text: String) {
        #expect(DocumentMetadata(.string(text)) == DocumentMetadata(nil))
    }
}
