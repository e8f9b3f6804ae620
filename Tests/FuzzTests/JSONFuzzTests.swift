import Domain
import OrderedJSON
import Testing

@testable import HTTPAPI

extension FuzzTests {
    @Test func `JSON texts`() async {
        let fuzzer = Fuzzer(
            "JSON",
            seeds: [
                #"{"a":[1,-2.5e-3,true,false,null,"x\n\u00e9\ud83d\ude00"],"b":{"c":{}},"a":9223372036854775807}"#,
                #"[[],{},"",0,-0,1e308,1e-400,"\"\\\/\b\f\n\r\t"]"#, " { \"é\" : \"e\u{301}\" } ",
            ])
        await fuzzer.run { input, _ in
            let json = try JSON(parsing: input)
            // What was written is read as what was written.
            #expect(try JSON(parsing: json.text).text == json.text)
            return true
        }
    }

    @Test func filters() async {
        let fuzzer = Fuzzer(
            "filters",
            seeds: [
                #"{"type":"and","filters":[{"type":"eq","key":"title","value":"a"},{"type":"gte","key":"published","value":"2024-01-01"}]}"#,
                #"{"type":"in","key":"metadata.year","value":[2023,1e300,-0.5]}"#,
                #"{"type":"ne","key":"wordCount","value":12}"#,
            ],
            dictionary: [#""type""#, #""or""#, #""nin""#, #""published""#, #""metadata.""#, "1e18", "8.64e15"])
        await fuzzer.run { input, _ in try MetadataFilterPayload.filter(in: JSON(parsing: input)) != nil }
    }

    @Test func attachments() async {
        let fuzzer = Fuzzer(
            "attachments",
            seeds: [
                #"{"name":"n.txt","mime":"text/plain","contentString":"data:text/plain;base64,cGxhaW4gd29yZHM="}"#,
                #"{"name":"n.txt","mime":"application/anythingllm-document","contentString":"data:text/plain,plain%20words"}"#,
                #"{"name":"p.png","mime":"image/png","contentString":"data:image/png;base64,iVBORw0KGgo="}"#,
                #"{"contentString":"data:;charset=utf-8,%E2%82%AC"}"#, #"{"contentString":"cGxhaW4="}"#,
            ],
            dictionary: ["data:", ";base64,", ";charset=", ",", "%", "image/", "https://", "="])
        await fuzzer.run { input, _ in
            _ = try ChatAttachment(JSON(parsing: input))
            return true
        }
    }
}
