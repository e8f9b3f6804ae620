import NIOCore
import Testing

@testable import ModelProviders

@Suite struct FileFormTests {
    private static func head(_ fileName: String) -> String {
        String(buffer: FileForm(fields: [], path: "/dev/null", byteCount: 0, fileName: fileName).head)
    }

    @Test func `a plain name stands as it is, any other one in the extended notation`() {
        #expect(Self.head("a b.txt").contains(#"name="file"; filename="a b.txt""# + "\r\n"))
        for (name, encoded) in [("100%22.txt", "100%2522.txt"), ("é\"\r\n.md", "%C3%A9%22%0D%0A.md")] {
            #expect(Self.head(name).contains(#"name="file"; filename="file"; filename*=UTF-8''"# + encoded + "\r\n"))
        }
    }
}
