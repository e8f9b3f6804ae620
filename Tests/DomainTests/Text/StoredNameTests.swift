import Domain
import Testing

@Suite struct StoredNameTests {
    private let id = "6e8be64c-c162-4b43-9997-b068c0071e8b"

    @Test(arguments: [
        ("anythingllm.txt", "anythingllm.txt"), ("My Report (final).PDF", "My-Report-(final).PDF"), ("", "document"),
        ("日本語.pdf", "document.pdf"), ("日本語", "document"), ("a: \"b\" *c*.txt", "a-b-c.txt"),
    ])
    func `a file is stored under its slug and the id`(name: String, slug: String) {
        #expect(StoredName.file(name, id: id) == "\(slug)-\(id).json")
    }

    @Test(arguments: [("Hello World.pdf", "hello-world"), ("日本語", "document"), ("A/B", "a-b")])
    func `a raw text is stored under its title and the id`(title: String, slug: String) {
        #expect(StoredName.rawText(title: title, id: id) == "raw-\(slug)-\(id).json")
    }

    @Test func `long names are cut before their extension`() {
        let name = StoredName.file(String(repeating: "word ", count: 1000) + ".pdf", id: id)
        #expect(name.hasPrefix("word-word-") && name.hasSuffix(".pdf-\(id).json"))
        #expect(name.utf8.count == StoredName.maximumSlugLength + 1 + id.utf8.count + 5)
        #expect(StoredName.rawText(title: String(repeating: "x", count: 1_000_000), id: id).utf8.count < 180)
    }

    @Test(arguments: [
        ("report.pdf", "report.pdf"), ("../../etc/passwd", "passwd"), ("C:\\Users\\me\\a.txt", "a.txt"),
        (" a b .txt ", "a b .txt"), ("a\u{0}b\r\n\u{1B}c.txt", "abc.txt"), ("“x” ‘y’.md", "x y.md"),
        ("invoice\u{202E}fdp.exe", "invoicefdp.exe"), ("a<b>:\"|?*c.txt", "abc.txt"), ("a.txt. . .", "a.txt"),
        ("CON", "_CON"), ("nul.txt", "_nul.txt"), ("com1.tar.gz", "_com1.tar.gz"), ("console.txt", "console.txt"),
        ("a.txt::$DATA", "a.txt$DATA"), ("日本語 👩‍👩‍👧.pdf", "日本語 👩‍👩‍👧.pdf"), (".gitignore", ".gitignore"),
    ])
    func `names of uploads are harmless and still recognised`(sent: String, kept: String) {
        #expect(StoredName.upload(sent) == kept)
    }

    @Test(arguments: ["", ".", "..", "a/", "/", "???", " . ", "\u{200B}", "a/.."])
    func `a name of which nothing is left is none`(sent: String) {
        #expect(StoredName.upload(sent) == nil)
    }

    @Test func `a name of 5,000 characters is cut and keeps its extension`() {
        let name = StoredName.upload(String(repeating: "é", count: 5000) + ".docx")
        #expect(name?.utf16.count == StoredName.maximumUploadNameLength)
        #expect(name?.hasSuffix("é.docx") == true)
        let wide = StoredName.upload(String(repeating: "👩‍👩‍👧‍👦", count: 5000))
        #expect(wide.map { $0.utf16.count <= 255 && $0.allSatisfy { $0 == "👩‍👩‍👧‍👦" } } == true)
    }
}
