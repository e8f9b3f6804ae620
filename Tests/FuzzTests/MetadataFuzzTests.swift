import Domain
import OrderedJSON
import Testing

@testable import Engine
@testable import HTTPAPI

extension FuzzTests {
    @Test func metadata() async {
        let fuzzer = Fuzzer(
            "metadata",
            seeds: [
                #"{"title":"T","docAuthor":"A","year":1871,"open":true,"x":-0.5e3,"tags":["a",{"b":null}]}"#,
                "{title:1,h:0x7fF}",
                "{'title': 'It\\'s', docAuthor: Ada // who\n description: \"\\u00e9\\ud83d\\ude00\"}",
                "metadata = {title: \"T\", /* built */ year: .5, open: True, none: None,};", "[1, {\"title\": 2}]",
            ],
            dictionary: ["0x0x", "title", "{title:", "Infinity", "-0x", "\\\n"])
        await fuzzer.run { input, _ in
            let metadata = DocumentMetadata(.string(String(decoding: input, as: UTF8.self)))
            // What is kept can be stored and read again.
            #expect(throws: Never.self) { _ = try JSON(parsing: JSON.object(JSONObject(metadata.attributes)).text) }
            return metadata.title != nil
        }
    }

    @Test func moments() async {
        let fuzzer = Fuzzer(
            "moments", seeds: ["2023-08-17T00:45:03.000Z", "2023-08-17T00:45:03+02:00", "2023-08-17", "1692233103000"],
            dictionary: ["99999999999", "-", "T", "Z", "+99:99", "0000-00-00"])
        await fuzzer.run { input, _ in
            let moment = Timestamp(iso8601: String(decoding: input, as: UTF8.self))
            _ = moment?.iso8601
            _ = moment?.localeString
            return moment != nil
        }
    }

    @Test func addresses() async {
        let fuzzer = Fuzzer(
            "addresses",
            seeds: [
                "https://user:secret@example.org:8080/a/b?c=d#e", "http://[::1]:3001/v1", "http://127.0.0.1/",
                "localhost:8080",
                "file:///etc/passwd", "https:\\\\example.org\\x", "http://xn--nxasmq6b/",
            ],
            dictionary: ["[", "]", "::", ":99999", "@", "%25", "\\", "/v1", "?", "#"])
        await fuzzer.run { input, _ in
            let text = String(decoding: input, as: UTF8.self)
            let address = WebAddress(text)
            _ = address?.normalized
            _ = WebAddress.withoutUserinfo(text)
            return address != nil
        }
    }
}
