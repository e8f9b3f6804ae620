import Domain
import Engine
import Testing

@Suite struct DocumentMetadataTests {
    @Test(arguments: [
        #"{"title":"T","year":1871,"open":true}"#, #"{title:'T',year:1871,open:true}"#,
        #"{"title":"T","year":1871,"open":true,}"#, #"metadata = {title: "T", /* built */ year: 1871, open: true};"#,
    ])
    func `metadata is read as a person would`(text: String) {
        let metadata = DocumentMetadata(.string(text))
        #expect(metadata.title == "T")
        #expect(metadata.attributes["year"] == 1871 && metadata.attributes["open"] == true)
    }

    @Test(arguments: ["", "null", "[1]", "{", "}{", "{title", "{title:}", "{'a':[1],'b':{'c':1}}", "title: T"])
    func `what is no metadata says nothing`(text: String) {
        #expect(DocumentMetadata(.string(text)) == DocumentMetadata(nil))
    }
}
